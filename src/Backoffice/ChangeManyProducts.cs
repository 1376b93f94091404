using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary>What a change of many products will make of one, or has made.</summary>
/// <param name="Tag">The version that the person saw.</param>
/// <param name="Trouble">Why it was not done; null when it was, or is still to be.</param>
public sealed record ManyLine(Guid ProductId, string Title, string Before, string After, string Tag, string? Trouble = null);

/// <summary>
/// <c>POST /office/products/bulk</c> says what will happen to each of the chosen products; <c>/bulk/apply</c> does it, and leaves alone whatever somebody
/// changed in between.
/// </summary>
static class ChangeManyProducts
{
    const int Most = 100;
    const int AtOnce = 4;

    public static async Task<IResult> Show(PostedForm form, OfficeApi office, Visit visit)
    {
        var ids = form.Ids("ids");
        var trouble = Trouble(form, ids, visit.Texts);
        var sheets = trouble is null ? await ReadAsync(ids, office) : [];
        var categories = (await office.CategoriesAsync()).OrThrow();
        var lines = sheets.Select(read => Line(read.Sheet, read.Tag, form, visit, categories)).ToList();
        return Html.Page<ManyProductsView>(new { Form = form, Lines = lines, Trouble = trouble, IsDone = false }, trouble is null ? 200 : StatusCodes.Status422UnprocessableEntity);
    }

    public static async Task<IResult> Handle(PostedForm form, HttpContext context, OfficeApi office, Visit visit)
    {
        var ids = form.Ids("ids");
        if (Trouble(form, ids, visit.Texts) is { } trouble) return Html.Page<ManyProductsView>(new { Form = form, Lines = new List<ManyLine>(), Trouble = trouble, IsDone = false }, StatusCodes.Status422UnprocessableEntity);

        var categories = (await office.CategoriesAsync()).OrThrow();
        var lines = new ManyLine[ids.Length];
        await Parallel.ForAsync(0, ids.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) => lines[i] = await ApplyAsync(ids[i], form, context, office, visit, categories));
        return Html.Page<ManyProductsView>(new { Form = form, Lines = lines.ToList(), Trouble = (string?)null, IsDone = true });
    }

    static string? Trouble(PostedForm form, Guid[] ids, Texts texts) =>
        ids.Length == 0 ? texts["bulk.none"]
        : ids.Length > Most ? texts.With("bulk.many", Most)
        : form["action"] is not ("price" or "category" or "withdraw") ? texts["problem.400.text"]
        : form["action"] == "price" && Percent(form) is null or 0 or < -90 or > 500 ? texts["bulk.percent.wrong"]
        : form["action"] == "category" && form["to"].Length == 0 ? texts["field.needed"]
        : null;

    static decimal? Percent(PostedForm form) => Refusals.Amount(form["percent"].Replace('−', '-').Trim('%', '+', ' '));

    static async Task<(ProductSheet Sheet, string Tag)[]> ReadAsync(Guid[] ids, OfficeApi office)
    {
        var read = new (ProductSheet? Sheet, string Tag)[ids.Length];
        await Parallel.ForAsync(0, ids.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            var (answer, tag) = await office.SheetAsync(ids[i]);
            read[i] = (answer.Value, tag);
        });
        return [.. read.Where(one => one.Sheet is { WithdrawnAt: null }).Select(one => (one.Sheet!, one.Tag))];
    }

    static async Task<ManyLine> ApplyAsync(Guid productId, PostedForm form, HttpContext context, OfficeApi office, Visit visit, CategoryTree categories)
    {
        var seen = context.Request.Form[$"tag-{productId}"].ToString();
        var (answer, tag) = await office.SheetAsync(productId);
        if (answer.Value is not { } sheet) return new ManyLine(productId, $"{productId}", "", "", tag, Refusals.Word(answer.Refusal!, visit.Texts));
        var line = Line(sheet, tag, form, visit, categories);
        var refusal = form["action"] == "withdraw" ? await office.WithdrawAsync(productId, seen) : await office.ChangeProductAsync(productId, Changed(sheet, form), seen);
        return refusal is null ? line : line with { Trouble = refusal.Status == 412 ? visit.Texts["bulk.changed"] : Refusals.Word(refusal, visit.Texts) };
    }

    static ProductContent Changed(ProductSheet sheet, PostedForm form) => new(
        sheet.Title, sheet.Description, form["action"] == "price" ? Price(sheet.Price, form) : sheet.Price, form["action"] == "category" ? form["to"] : sheet.Category,
        sheet.ForeignImage, sheet.Translations, sheet.Sku);

    /// <summary>To the cent, half away from zero, and never nothing.</summary>
    static decimal Price(decimal price, PostedForm form) => Math.Max(0.01m, Math.Round(price * (1 + Percent(form)!.Value / 100), 2, MidpointRounding.AwayFromZero));

    static ManyLine Line(ProductSheet sheet, string tag, PostedForm form, Visit visit, CategoryTree categories)
    {
        string Name(string slug) => categories.Flat().FirstOrDefault(entry => entry.Category.Slug == slug).Category?.Title ?? slug;
        string Money(decimal amount) => visit.Texts.Price(amount, visit.Shop.Currency);
        return form["action"] switch
        {
            "price" => new(sheet.ProductId, sheet.Title, Money(sheet.Price), Money(Price(sheet.Price, form)), tag),
            "category" => new(sheet.ProductId, sheet.Title, Name(sheet.Category), Name(form["to"]), tag),
            _ => new(sheet.ProductId, sheet.Title, visit.Texts["bulk.forSale"], visit.Texts["product.withdrawn"], tag),
        };
    }
}
