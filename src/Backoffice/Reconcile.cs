using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary><c>GET</c> and <c>POST /office/reconciliation</c>: whether orders, stock, promo uses and money agree.</summary>
static class Reconcile
{
    public static async Task<IResult> Show(OfficeApi office, Visit visit, string? mended = null, int page = 1, string? refused = null)
    {
        bool? only = mended switch { "yes" => true, "no" => false, _ => null };
        var found = (await office.FindingsAsync(only, page)).OrThrow();
        return Html.Page<ReconciliationView>(new { Found = found, Mended = mended, Trouble = refused is null ? null : visit.Texts.Find($"refused.{refused}") ?? visit.Texts["problem.503.text"] });
    }

    public static async Task<IResult> Handle(OfficeApi office) =>
        new SeeOther(await office.ReconcileAsync() is { } refusal ? $"/office/reconciliation?refused={refusal.Code}" : "/office/reconciliation?done=reconciled");
}

/// <summary><c>GET /office/audit</c>: what employees asked for, and what came of it.</summary>
static class ListAudit
{
    public static async Task<IResult> Handle(OfficeApi office, Guid? employee = null, int page = 1)
    {
        var found = (await office.AuditAsync(employee, page)).OrThrow();
        var names = await office.NamesAsync(found.Entries.Select(entry => (Guid?)entry.EmployeeId));
        return Html.Page<AuditView>(new { Found = found, Names = names, Employee = employee });
    }
}

/// <summary><c>GET /office/system</c>: how every service is, and events that nobody could handle; <c>POST …/retry</c> gives one its tries once more.</summary>
static class ShowSystem
{
    public static async Task<IResult> Handle(OfficeApi office) => Html.Page<SystemView>(new { State = (await office.StateAsync()).OrThrow() });

    public static async Task<IResult> Retry(string service, Guid eventId, OfficeApi office) =>
        await office.RetryAsync(service, eventId) is { Status: not 404 } refusal ? throw refusal.ToException() : new SeeOther("/office/system?done=event-again");
}
