using Rosa.Platform.Identity;
using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary><c>GET /office/customers</c>: by name, or by the whole e-mail.</summary>
static class ListCustomers
{
    public static async Task<IResult> Handle(OfficeApi office, string? q = null, int page = 1) =>
        Html.Page<PeopleView>(new { Found = (await office.PeopleAsync(q?.Trim(), Roles.Customer, page)).OrThrow(), Search = q, IsStaff = false });
}

/// <summary><c>GET /office/people</c>: those who work here, for admins.</summary>
static class ListStaff
{
    public static async Task<IResult> Handle(OfficeApi office, string? q = null, int page = 1)
    {
        var (employees, admins) = (office.PeopleAsync(q?.Trim(), Roles.Employee, page), office.PeopleAsync(q?.Trim(), Roles.Admin, page: 1, limit: 100));
        return Html.Page<PeopleView>(new { Found = (await employees).OrThrow(), Admins = (await admins).OrThrow(), Search = q, IsStaff = true });
    }
}

/// <summary>A customer with what they ordered and what they were told.</summary>
public sealed record CustomerFile(Profile Person, OrderPage? Orders, MessagePage? Messages);

/// <summary><c>GET /office/customers/{userId}</c></summary>
static class ShowCustomer
{
    public static async Task<IResult> Handle(Guid userId, OfficeApi office, Visit visit, int page = 1, string? refused = null)
    {
        var person = (await office.PersonAsync(userId)).OrThrow();
        var (orders, messages) = (office.OrdersAsync(userId, null, page, limit: 10), office.MessagesAsync(userId, null, null, null, null, page: 1, limit: 8));
        var file = new CustomerFile(person, (await orders).Value, (await messages).Value);
        return Html.Page<CustomerView>(new { File = file, Trouble = refused is null ? null : visit.Texts.Find($"refused.{refused}") ?? visit.Texts["problem.500.text"] });
    }
}

/// <summary><c>POST /office/customers/{userId}/role</c>, for admins.</summary>
static class ChangeRole
{
    public static async Task<IResult> Handle(Guid userId, PostedForm form, OfficeApi office) =>
        new SeeOther(await office.ChangeRoleAsync(userId, form["role"]) is { } refusal ? $"/office/customers/{userId}?refused={refusal.Code}" : $"/office/customers/{userId}?done=role-changed");
}

/// <summary><c>POST /office/customers/{userId}/delete</c>, for admins: when a customer asks for it by letter.</summary>
static class DeleteCustomer
{
    public static async Task<IResult> Handle(Guid userId, OfficeApi office) =>
        new SeeOther(await office.DeletePersonAsync(userId) is { } refusal ? $"/office/customers/{userId}?refused={refusal.Code}" : "/office/customers?done=customer-deleted");
}
