using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Platform.Audit;

/// <summary>Something that an employee asked for.</summary>
/// <param name="Action">The operation's name in the OpenAPI document: <c>ChangeProduct</c>.</param>
/// <param name="Body">What was sent, if it was JSON: cut after 4,000 characters, secrets masked.</param>
/// <param name="Status">What was answered; null when it was under way as the process died.</param>
public sealed record AuditEntry(
    Guid EntryId, DateTimeOffset At, string Service, Guid EmployeeId, string Role, string Method, string Path, string? Action, string? Body, int? Status, string? CorrelationId, string? TraceId);

/// <summary>The newest entries of one service.</summary>
public sealed record AuditPart(IReadOnlyList<AuditEntry> Entries, long Total);

/// <summary><c>GET /internal/audit</c>: a service's part of <c>GET /api/audit</c>, which the gateway puts together. An employee's own token opens it.</summary>
static class ListAudit
{
    const int Most = 2_000;

    public static void MapAudit(this WebApplication app) =>
        app.MapGet("/internal/audit", Handle).For(Access.Employee).ExcludeFromDescription();

    /// <param name="take">The newest so many.</param>
    static async Task<Results<Ok<AuditPart>, ProblemHttpResult>> Handle(int take, NpgsqlDataSource source, Service service, CancellationToken cancellationToken, Guid? employeeId = null)
    {
        if (take is < 1 or > Most) return Problem.Validation("take", $"1 to {Most} entries are given at once.").ToResult();
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new("select count(*) from audit where $1::uuid is null or employee_id = $1") { Parameters = { Id(employeeId) } });
        batch.BatchCommands.Add(new(
            """
            select entry_id, at, employee_id, role, method, path, action, body, status, correlation_id, trace_id from audit
            where $1::uuid is null or employee_id = $1 order by entry_id desc limit $2
            """)
        {
            Parameters = { Id(employeeId), new NpgsqlParameter<int> { TypedValue = take } },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var entries = new List<AuditEntry>();
        while (await reader.ReadAsync(cancellationToken))
            entries.Add(new AuditEntry(
                reader.GetGuid(0), new DateTimeOffset(reader.GetDateTime(1)), service.Name, reader.GetGuid(2), reader.GetString(3), reader.GetString(4), reader.GetString(5),
                Text(reader, 6), Text(reader, 7), reader.IsDBNull(8) ? null : reader.GetInt32(8), Text(reader, 9), Text(reader, 10)));
        return TypedResults.Ok(new AuditPart(entries, total));
    }

    static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    static NpgsqlParameter Id(Guid? id) => new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid };
}
