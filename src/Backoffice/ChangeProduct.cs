using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary>A field that two employees changed at the same time.</summary>
public sealed record Difference(string Field, string Mine, string Theirs);

/// <summary>
/// <c>GET</c> and <c>POST /office/products/{productId}</c>. The form names the version that it was filled from; when somebody else saved meanwhile, both
/// texts are shown side by side, and nothing is written until a person has decided.
/// </summary>
static class ChangeProduct
{
    public static async Task<IResult> Show(Guid productId, OfficeApi office, Visit visit, string? refused = null)
    {
        var (sheet, tag) = await office.SheetAsync(productId);
        var form = ProductForm.Of(sheet.OrThrow(), tag);
        return await PageAsync(sheet.OrThrow(), form, office, differences: [], StatusCodes.Status200OK, refused is null ? null : visit.Texts.Find($"refused.{refused}") ?? visit.Texts["problem.500.text"]);
    }

    public static async Task<IResult> Handle(Guid productId, PostedForm form, HttpContext context, OfficeApi office, Visit visit)
    {
        ProductForm.ReadLongTexts(form, context);
        var content = ProductForm.Read(form, visit.Texts);
        var refusal = content is null ? null : await office.ChangeProductAsync(productId, content, form["tag"]);
        if (content is not null && refusal is null) return new SeeOther($"/office/products/{productId}?done=product-saved");

        var (answer, tag) = await office.SheetAsync(productId);
        var sheet = answer.OrThrow();
        if (refusal is { Status: StatusCodes.Status412PreconditionFailed })
        {
            form["tag"] = tag;   // what is sent next was decided with theirs in sight
            return await PageAsync(sheet, form, office, Between(form, sheet), StatusCodes.Status412PreconditionFailed);
        }
        if (refusal is not null) form.Explain(refusal, visit.Texts, ("SKU_TAKEN", "sku"), ("CATEGORY_UNKNOWN", "category"));
        return await PageAsync(sheet, form, office, differences: [], StatusCodes.Status422UnprocessableEntity);
    }

    static List<Difference> Between(PostedForm form, ProductSheet sheet) =>
        [.. ProductForm.Fields.Where(field => field != "imageUrl")
            .Select(field => new Difference(field, field == "price" ? form.Amount("price")?.Plain() ?? "" : form[field], ProductForm.Value(sheet, field)))
            .Where(difference => difference.Mine != difference.Theirs)];

    static async Task<IResult> PageAsync(ProductSheet sheet, PostedForm form, OfficeApi office, IReadOnlyList<Difference> differences, int status, string? trouble = null)
    {
        var categories = (await office.CategoriesAsync()).OrThrow();
        return Html.Page<ProductView>(new { Sheet = sheet, Form = form, Categories = categories, Differences = differences, IsConflict = status == StatusCodes.Status412PreconditionFailed, Trouble = trouble }, status);
    }
}

/// <summary><c>POST /office/products/{productId}/withdraw</c></summary>
static class WithdrawProduct
{
    public static async Task<IResult> Handle(Guid productId, PostedForm form, OfficeApi office) =>
        await office.WithdrawAsync(productId, form["tag"]) switch
        {
            null => new SeeOther("/office/products?done=product-withdrawn"),
            { Status: StatusCodes.Status412PreconditionFailed } changed => new SeeOther($"/office/products/{productId}?refused={changed.Code}"),
            var refusal => throw refusal.ToException(),
        };
}

/// <summary><c>POST /office/products/{productId}/images…</c>: a product's pictures; the first is on its card.</summary>
static class ChangeImages
{
    public static async Task<IResult> Add(Guid productId, HttpContext context, OfficeApi office)
    {
        foreach (var file in context.Request.HasFormContentType ? context.Request.Form.Files.GetFiles("pictures").Where(file => file.Length > 0) : [])
        {
            if (await office.AddImageAsync(productId, file) is { } bad) return Back(productId, bad);
        }
        return Back(productId, null);
    }

    public static async Task<IResult> First(Guid productId, Guid imageId, OfficeApi office)
    {
        var sheet = (await office.SheetAsync(productId)).Answer.OrThrow();
        Guid[] order = [imageId, .. sheet.Images.Select(image => image.ImageId).OfType<Guid>().Where(id => id != imageId)];
        return Back(productId, await office.OrderImagesAsync(productId, order));
    }

    public static async Task<IResult> Remove(Guid productId, Guid imageId, OfficeApi office) => Back(productId, await office.RemoveImageAsync(productId, imageId));

    static SeeOther Back(Guid productId, Refusal? refusal) =>
        new(refusal is null ? $"/office/products/{productId}?done=pictures-changed#pictures" : $"/office/products/{productId}?refused={refusal.Code}");
}
