using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary><c>POST /office/orders/{orderId}/process</c>, <c>/ship</c>, <c>/deliver</c>, <c>/cancel</c>: what is done with an order, one step after the other.</summary>
static class MoveOrder
{
    public static async Task<IResult> Process(Guid orderId, PostedForm form, OfficeApi office, Visit visit) =>
        await EndAsync(orderId, form, office, visit, await office.ProcessAsync(orderId), "order-processing");

    public static async Task<IResult> Deliver(Guid orderId, PostedForm form, OfficeApi office, Visit visit) =>
        await EndAsync(orderId, form, office, visit, await office.DeliverAsync(orderId), "order-delivered");

    public static async Task<IResult> Ship(Guid orderId, PostedForm form, OfficeApi office, Visit visit)
    {
        form.Require(visit.Texts["field.needed"], "carrier", "trackingNumber");
        var refusal = form.HasErrors ? null : await office.ShipAsync(orderId, form["carrier"], form["trackingNumber"]);
        return await EndAsync(orderId, form, office, visit, refusal, "order-shipped");
    }

    public static async Task<IResult> Cancel(Guid orderId, PostedForm form, OfficeApi office, Visit visit)
    {
        form.Require(visit.Texts["field.needed"], "reason");
        var refusal = form.HasErrors ? null : (await office.CancelAsync(orderId, form["reason"])).Refusal;
        return await EndAsync(orderId, form, office, visit, refusal, "order-cancelled");
    }

    static async Task<IResult> EndAsync(Guid orderId, PostedForm form, OfficeApi office, Visit visit, Refusal? refusal, string done)
    {
        if (refusal is { Status: 401 or 404 }) throw refusal.ToException();
        if (refusal is not null) form.Explain(refusal, visit.Texts);
        if (form.HasErrors) return await ShowOrder.PageAsync(orderId, office, form);
        return new SeeOther(Address.Of(form["back"] == "/office/orders" ? "/office/orders" : $"/office/orders/{orderId}", ("done", done)));
    }
}

/// <summary><c>GET /office/orders/{orderId}/invoice</c> and <c>/credit-note</c>: the shop's document as it is.</summary>
static class ShowInvoice
{
    public static Task<IResult> Invoice(Guid orderId, OfficeApi office, HttpContext context) => PassOnAsync(orderId, "invoice", office, context);

    public static Task<IResult> CreditNote(Guid orderId, OfficeApi office, HttpContext context) => PassOnAsync(orderId, "credit-note", office, context);

    static async Task<IResult> PassOnAsync(Guid orderId, string document, OfficeApi office, HttpContext context)
    {
        using var response = await office.DocumentAsync(orderId, document);
        if (!response.IsSuccessStatusCode) throw (await Refusal.ReadAsync(response)).ToException();
        if (response.Headers.TryGetValues("Content-Security-Policy", out var policy)) context.Response.Headers.ContentSecurityPolicy = string.Join("; ", policy);
        return TypedResults.Bytes(await response.Content.ReadAsByteArrayAsync(), "text/html; charset=utf-8");
    }
}
