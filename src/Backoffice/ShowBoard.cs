using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary><c>GET /office/orders</c>: what is to be packed, what is on its way: a column a state, the newest on top.</summary>
static class ShowBoard
{
    const int Shown = 12;

    public static readonly string[] Columns = ["CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED"];

    public static async Task<IResult> Handle(OfficeApi office)
    {
        var pages = await Task.WhenAll(Columns.Select(status => office.OrdersAsync(userId: null, status, page: 1, Shown)));
        return Html.Page<BoardView>(new { Pages = pages.Select(page => page.OrThrow()).ToList() });
    }
}
