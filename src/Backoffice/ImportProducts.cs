using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary>
/// <c>GET</c> and <c>POST /office/products/import</c>: products by the file. The answer tells what became of each line; sending the same file again changes
/// nothing. With scripts the browser sends a large file in parts and shows how far it is; without, all at once.
/// </summary>
static class ImportProducts
{
    public static IResult Show() => Html.Page<ImportView>();

    public static async Task<IResult> Handle(HttpContext context, OfficeApi office, Visit visit)
    {
        var file = context.Request.HasFormContentType ? context.Request.Form.Files.GetFile("file") : null;
        if (file is not { Length: > 0 }) return Html.Page<ImportView>(new { Trouble = visit.Texts["field.needed"] }, StatusCodes.Status422UnprocessableEntity);

        await using var csv = file.OpenReadStream();
        var (report, refusal) = await office.ImportAsync(csv);
        var isPart = context.Request.Form["part"] == "yes";
        if (report is null && isPart) return TypedResults.Text(Refusals.Word(refusal!, visit.Texts), statusCode: StatusCodes.Status422UnprocessableEntity);
        if (report is null) return Html.Page<ImportView>(new { Trouble = Refusals.Word(refusal!, visit.Texts) }, StatusCodes.Status422UnprocessableEntity);
        return isPart ? Html.Page<ImportLines>(new { Report = report, Before = int.TryParse(context.Request.Form["before"], out var before) ? before : 0 }) : Html.Page<ImportView>(new { Report = report });
    }
}
