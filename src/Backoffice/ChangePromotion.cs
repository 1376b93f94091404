using System.Globalization;
using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary><c>GET</c> and <c>POST /office/promotions/new</c>, <c>/office/promotions/{code}</c>, <c>…/withdraw</c></summary>
static class ChangePromotion
{
    public static Task<IResult> ShowNew(OfficeApi office, TimeProvider clock)
    {
        var today = new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        return PageAsync(null, new PostedForm { ["kind"] = "percentage", ["validFrom"] = today.ForField(), ["validUntil"] = today.AddDays(14).ForField() }, office);
    }

    public static async Task<IResult> Create(PostedForm form, OfficeApi office, Visit visit)
    {
        form.Require(visit.Texts["field.needed"], "code");
        if (Read(form, form["code"], visit.Texts) is { } terms && await office.CreatePromotionAsync(terms) is { } refusal) form.Explain(refusal, visit.Texts, ("CODE_TAKEN", "code"));
        return form.HasErrors ? await PageAsync(null, form, office) : new SeeOther("/office/promotions?done=promotion-saved");
    }

    public static async Task<IResult> Show(string code, OfficeApi office)
    {
        var promotion = (await office.PromotionAsync(code)).OrThrow();
        return await PageAsync(promotion, Form(promotion), office);
    }

    public static async Task<IResult> Handle(string code, PostedForm form, OfficeApi office, Visit visit)
    {
        var promotion = (await office.PromotionAsync(code)).OrThrow();
        if (Read(form, promotion.Code, visit.Texts) is { } terms && await office.ChangePromotionAsync(promotion.Code, terms) is { } refusal) form.Explain(refusal, visit.Texts);
        return form.HasErrors ? await PageAsync(promotion, form, office) : new SeeOther("/office/promotions?done=promotion-saved");
    }

    public static async Task<IResult> Withdraw(string code, OfficeApi office) =>
        await office.WithdrawPromotionAsync(code) is { } refusal ? throw refusal.ToException() : new SeeOther("/office/promotions?done=promotion-withdrawn");

    static PostedForm Form(Promotion promotion) => new()
    {
        ["kind"] = promotion.DiscountPercentage is null ? "amount" : "percentage",
        ["off"] = (promotion.DiscountPercentage ?? promotion.DiscountAmount ?? 0).ToString("0.##", CultureInfo.InvariantCulture),
        ["validFrom"] = promotion.ValidFrom.ForField(),
        ["validUntil"] = promotion.ValidUntil.ForField(),
        ["maxUses"] = promotion.MaxUses?.ToString(CultureInfo.InvariantCulture) ?? "",
        ["maxUsesPerUser"] = promotion.MaxUsesPerUser?.ToString(CultureInfo.InvariantCulture) ?? "",
        ["minCartTotal"] = promotion.MinCartTotal?.Plain() ?? "",
        ["category"] = promotion.Category ?? "",
        ["automatic"] = promotion.Automatic ? "yes" : "",
    };

    /// <summary>What the form says, or null when it cannot be sent.</summary>
    static PromotionTerms? Read(PostedForm form, string code, Texts texts)
    {
        form.Require(texts["field.needed"], "off", "validFrom", "validUntil");
        if (form.Amount("off") is null) form.Refuse("off", texts["invalid.off"]);
        foreach (var name in (string[])["validFrom", "validUntil"]) if (form.Time(name) is null) form.Refuse(name, texts["invalid.time"]);
        foreach (var name in (string[])["maxUses", "maxUsesPerUser"]) if (form[name].Length > 0 && form.Number(name, 0) == 0) form.Refuse(name, texts["invalid.quantity"]);
        if (form["minCartTotal"].Length > 0 && form.Amount("minCartTotal") is null) form.Refuse("minCartTotal", texts["invalid.price"]);
        if (form.HasErrors) return null;
        var isPercentage = form["kind"] != "amount";
        return new PromotionTerms(
            code, isPercentage ? form.Amount("off") : null, isPercentage ? null : form.Amount("off"), form.Time("validFrom")!.Value, form.Time("validUntil")!.Value,
            Number(form, "maxUses"), Number(form, "maxUsesPerUser"), form.Amount("minCartTotal"), ProductForm.Empty(form["category"]), form.IsTicked("automatic"));
    }

    static int? Number(PostedForm form, string name) => form[name].Length == 0 ? null : form.Number(name, 0);

    static async Task<IResult> PageAsync(Promotion? promotion, PostedForm form, OfficeApi office)
    {
        // The field of the form that stands for two of the shop's.
        if ((form.Error("discountPercentage") ?? form.Error("discountAmount")) is { } wrong) form.Refuse("off", wrong);
        var categories = (await office.CategoriesAsync()).OrThrow();
        return Html.Page<PromotionView>(new { Promotion = promotion, Form = form, Categories = categories }, form.HasErrors ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }
}
