using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary><c>GET</c> and <c>POST /office/products/new</c>, with its first picture.</summary>
static class CreateProduct
{
    const int MostPictures = 5;

    public static async Task<IResult> Show(OfficeApi office) => await PageAsync(office, PostedForm.Empty);

    public static async Task<IResult> Handle(PostedForm form, HttpContext context, OfficeApi office, Visit visit)
    {
        ProductForm.ReadLongTexts(form, context);
        var content = ProductForm.Read(form, visit.Texts);
        var quantity = form.Number("quantity", otherwise: -1);
        if (quantity is < 0 or > 1_000_000) form.Refuse("quantity", visit.Texts["invalid.quantity"]);
        if (form.HasErrors) return await PageAsync(office, form);

        var (product, refusal) = await office.CreateProductAsync(new NewProduct(content!.Title, content.Description, content.Price, content.Category, content.Translations, content.Sku, quantity));
        if (product is null)
        {
            form.Explain(refusal!, visit.Texts, ("SKU_TAKEN", "sku"), ("CATEGORY_UNKNOWN", "category"));
            return await PageAsync(office, form);
        }

        // The product is there: a picture that was refused is told on its page, where it can be sent again.
        foreach (var file in context.Request.Form.Files.GetFiles("pictures").Where(file => file.Length > 0).Take(MostPictures))
        {
            if (await office.AddImageAsync(product.ProductId, file) is { } bad) return new SeeOther($"/office/products/{product.ProductId}?refused={bad.Code}");
        }
        return new SeeOther($"/office/products/{product.ProductId}?done=product-created");
    }

    static async Task<IResult> PageAsync(OfficeApi office, PostedForm form)
    {
        var categories = (await office.CategoriesAsync()).OrThrow();
        return Html.Page<NewProductView>(new { Form = form, Categories = categories }, form.HasErrors ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }
}
