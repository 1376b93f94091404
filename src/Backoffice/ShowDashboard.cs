using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary>What a day begins with; parts that are down are null.</summary>
public sealed record DashboardAnswer(OrderSummary? Sales, LowStockPage? Low, MessagePage? Failed, ShopState? State, OrderPage? Newest);

/// <summary><c>GET /office</c></summary>
static class ShowDashboard
{
    /// <summary>Thirty days, and the thirty before to compare with.</summary>
    public const int Days = 60;

    public static async Task<IResult> Handle(OfficeApi office)
    {
        var (sales, low, failed, state, newest) =
            (office.SummaryAsync(Days), office.LowStockAsync(page: 1, limit: 6), office.MessagesAsync(null, null, null, null, "FAILED", page: 1, limit: 5), office.StateAsync(), office.OrdersAsync(null, null, page: 1, limit: 6));
        await Task.WhenAll(sales, low, failed, state, newest);
        return Html.Page<DashboardView>(new { Answer = new DashboardAnswer(sales.Result.Value, low.Result.Value, failed.Result.Value, state.Result.Value, newest.Result.Value) });
    }
}
