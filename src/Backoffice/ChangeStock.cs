using System.Globalization;
using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary><c>GET</c> and <c>POST /office/products/{productId}/stock</c>: what came, broke or was counted, with every change before it.</summary>
static class ChangeStock
{
    public static Task<IResult> Show(Guid productId, OfficeApi office, int page = 1) => PageAsync(productId, office, PostedForm.Empty, page);

    public static async Task<IResult> Handle(Guid productId, PostedForm form, OfficeApi office, Visit visit)
    {
        form.Require(visit.Texts["field.needed"], "reason");
        var isNumber = int.TryParse(form["quantity"].Replace('−', '-'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        if (!isNumber || number is < -1_000_000 or > 1_000_000) form.Refuse("quantity", visit.Texts["invalid.change"]);
        if (form["kind"] == "out") number = -number;
        if (number == 0 && isNumber) form.Refuse("quantity", visit.Texts["invalid.change"]);
        if (!form.HasErrors && (await office.ChangeStockAsync(productId, number, form["reason"])).Refusal is { } refusal) form.Explain(refusal, visit.Texts, (refusal.Code, "quantity"));
        return form.HasErrors ? await PageAsync(productId, office, form, page: 1) : new SeeOther($"/office/products/{productId}/stock?done=stock-changed");
    }

    public static async Task<IResult> Threshold(Guid productId, PostedForm form, OfficeApi office, Visit visit)
    {
        int? lowAt = form["lowAt"].Length == 0 ? null : form.Number("lowAt", otherwise: -1);
        if (lowAt is < 0 or > 1_000_000) form.Refuse("lowAt", visit.Texts["invalid.quantity"]);
        else if (await office.SetThresholdAsync(productId, lowAt) is { } refusal) form.Explain(refusal, visit.Texts, (refusal.Code, "lowAt"));
        return form.HasErrors ? await PageAsync(productId, office, form, page: 1) : new SeeOther($"/office/products/{productId}/stock?done=threshold-set");
    }

    static async Task<IResult> PageAsync(Guid productId, OfficeApi office, PostedForm form, int page)
    {
        var sheet = (await office.SheetAsync(productId)).Answer.OrThrow();
        var history = (await office.StockHistoryAsync(productId, page)).OrThrow();
        var names = await office.NamesAsync(history.Changes.Select(change => change.By));
        return Html.Page<StockView>(new { Sheet = sheet, History = history, Names = names, Form = form }, form.HasErrors ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }
}
