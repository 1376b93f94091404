using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary>A product as a form: read from it, filled with it, and held against another's.</summary>
static class ProductForm
{
    static readonly string[] longFields = ["description", "descriptionEn"];

    public static readonly string[] Fields = ["title", "description", "titleEn", "descriptionEn", "price", "category", "sku", "imageUrl"];

    /// <summary>Long texts are taken whole: the kit cuts what is typed after 4,000 characters.</summary>
    public static void ReadLongTexts(PostedForm form, HttpContext context)
    {
        foreach (var field in longFields) form[field] = context.LongText(field);
    }

    public static PostedForm Of(ProductSheet sheet, string tag)
    {
        var form = new PostedForm { ["tag"] = tag };
        foreach (var field in Fields) form[field] = Value(sheet, field);
        return form;
    }

    public static string Value(ProductSheet sheet, string field) => field switch
    {
        "title" => sheet.Title,
        "description" => sheet.Description.Replace("\r\n", "\n", StringComparison.Ordinal),
        "titleEn" => sheet.Translations?.En?.Title ?? "",
        "descriptionEn" => (sheet.Translations?.En?.Description ?? "").Replace("\r\n", "\n", StringComparison.Ordinal),
        "price" => sheet.Price.Plain(),
        "category" => sheet.Category,
        "sku" => sheet.Sku ?? "",
        "imageUrl" => sheet.ForeignImage ?? "",
        _ => "",
    };

    /// <summary>What the form says, or null when it cannot be sent.</summary>
    public static ProductContent? Read(PostedForm form, Texts texts)
    {
        form.Require(texts["field.needed"], "title", "description", "price", "category");
        var price = form.Amount("price");
        if (price is null or <= 0) form.Refuse("price", texts["invalid.price"]);
        if (form["titleEn"].Length == 0 && form["descriptionEn"].Length > 0) form.Refuse("titleEn", texts["invalid.titleEn"]);
        if (form["descriptionEn"].Length == 0 && form["titleEn"].Length > 0) form.Refuse("descriptionEn", texts["invalid.titleEn"]);
        if (form.HasErrors) return null;
        var english = form["titleEn"].Length > 0 ? new Translations(new ProductTexts(form["titleEn"], form["descriptionEn"])) : null;
        return new ProductContent(form["title"], form["description"], price!.Value, form["category"], Empty(form["imageUrl"]), english, Empty(form["sku"]));
    }

    public static string? Empty(string text) => text.Length == 0 ? null : text;
}
