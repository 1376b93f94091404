using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary><c>GET /office/orders/list</c>: by status; a search for an order's number leads to it, one for a person to their orders.</summary>
static class ListOrders
{
    public static async Task<IResult> Handle(OfficeApi office, string? q = null, string? status = null, Guid? customer = null, int page = 1)
    {
        q = q?.Trim();
        if (Guid.TryParse(q, out var orderId)) return new SeeOther($"/office/orders/{orderId}");
        PeoplePage? people = null;
        if (!string.IsNullOrEmpty(q))
        {
            people = (await office.PeopleAsync(q.Length > 100 ? q[..100] : q, role: null, page: 1, limit: 10)).OrThrow();
            if (people.Users.Count == 1) return new SeeOther(Address.Of("/office/orders/list", ("customer", people.Users[0].UserId.ToString()), ("status", status)));
        }
        var orders = (await office.OrdersAsync(customer, string.IsNullOrEmpty(status) ? null : status, page)).OrThrow();
        var whose = customer is { } id ? (await office.PersonAsync(id)).Value : null;
        return Html.Page<OrderListView>(new { Found = orders, People = people, Search = q, Status = status, Customer = customer, Whose = whose });
    }
}
