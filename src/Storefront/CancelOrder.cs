using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>POST /orders/{orderId}/cancel</c></summary>
static class CancelOrder
{
    public static async Task<IResult> Handle(Guid orderId, PostedForm form, ShopApi shop, Visit visit)
    {
        var reason = form["reason"] is { Length: > 0 } given ? given : visit.Texts["order.cancel.noReason"];
        var answer = await shop.CancelOrderAsync(orderId, reason[..Math.Min(reason.Length, 500)]);
        if (answer.Refusal is not { } refusal) return new SeeOther($"/orders/{orderId}");
        form.Refuse(refusal, visit.Texts);
        return Html.Page<OrderView>(new { Order = (await shop.OrderAsync(orderId)).OrThrow(), Placed = false, Form = form }, StatusCodes.Status409Conflict);
    }
}
