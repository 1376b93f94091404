using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>GET /orders</c> and <c>GET /orders/{orderId}</c></summary>
static class ShowOrders
{
    public static async Task<IResult> List(ShopApi shop, Visit visit)
    {
        var page = int.TryParse(visit.Context.Request.Query["page"], out var asked) && asked is > 0 and <= 100_000 ? asked : 1;
        return Html.Page<OrderList>(new { Found = (await shop.OrdersAsync(page)).OrThrow() });
    }

    public static async Task<IResult> One(Guid orderId, ShopApi shop, Visit visit) =>
        Html.Page<OrderView>(new { Order = (await shop.OrderAsync(orderId)).OrThrow(), Placed = visit.Context.Request.Query.ContainsKey("placed"), Form = PostedForm.Empty });
}
