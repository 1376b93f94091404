using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary><c>GET /office/categories</c>: the tree.</summary>
static class ListCategories
{
    public static Task<IResult> Handle(OfficeApi office) => PageAsync(office, PostedForm.Empty);

    public static async Task<IResult> PageAsync(OfficeApi office, PostedForm form) =>
        Html.Page<CategoryListView>(new { Tree = (await office.CategoriesAsync()).OrThrow(), Form = form }, form.HasErrors ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
}

/// <summary><c>POST /office/categories</c>, <c>GET</c> and <c>POST /office/categories/{slug}</c>, <c>…/remove</c></summary>
static class ChangeCategory
{
    public static async Task<IResult> Create(PostedForm form, OfficeApi office, Visit visit)
    {
        form.Require(visit.Texts["field.needed"], "slug", "title");
        if (!form.HasErrors && await office.CreateCategoryAsync(new NewCategory(form["slug"], form["title"], ProductForm.Empty(form["parent"]), English(form), form.Number("position", 0))) is { } refusal)
            form.Explain(refusal, visit.Texts, ("CATEGORY_EXISTS", "slug"), ("CATEGORY_TOO_DEEP", "parent"), ("CATEGORY_UNKNOWN", "parent"));
        return form.HasErrors ? await ListCategories.PageAsync(office, form) : new SeeOther("/office/categories?done=category-saved");
    }

    public static async Task<IResult> Show(string slug, OfficeApi office)
    {
        var category = (await office.CategoryAsync(slug)).OrThrow();
        var form = new PostedForm
        {
            ["title"] = category.Title,
            ["titleEn"] = category.Translations?.En?.Title ?? "",
            ["parent"] = category.Parent ?? "",
            ["position"] = $"{category.Position}",
        };
        return await PageAsync(category, office, form);
    }

    public static async Task<IResult> Handle(string slug, PostedForm form, OfficeApi office, Visit visit)
    {
        var category = (await office.CategoryAsync(slug)).OrThrow();
        form.Require(visit.Texts["field.needed"], "title");
        if (!form.HasErrors && await office.ChangeCategoryAsync(slug, new CategoryContent(form["title"], ProductForm.Empty(form["parent"]), English(form), form.Number("position", 0))) is { } refusal)
            form.Explain(refusal, visit.Texts, ("CATEGORY_CYCLE", "parent"), ("CATEGORY_TOO_DEEP", "parent"), ("CATEGORY_UNKNOWN", "parent"));
        return form.HasErrors ? await PageAsync(category, office, form) : new SeeOther("/office/categories?done=category-saved");
    }

    public static async Task<IResult> Remove(string slug, OfficeApi office, Visit visit)
    {
        if (await office.RemoveCategoryAsync(slug) is not { } refusal) return new SeeOther("/office/categories?done=category-removed");
        var form = new PostedForm();
        form.Explain(refusal, visit.Texts);
        return await ListCategories.PageAsync(office, form);
    }

    static CategoryTranslations? English(PostedForm form) => form["titleEn"].Length == 0 ? null : new(new CategoryTexts(form["titleEn"]));

    static async Task<IResult> PageAsync(Category category, OfficeApi office, PostedForm form) =>
        Html.Page<CategoryView>(new { Category = category, Tree = (await office.CategoriesAsync()).OrThrow(), Form = form }, form.HasErrors ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
}
