using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Platform.Problems;

namespace Rosa.Orders;

/// <param name="Since">How far back to look; a day unless said otherwise.</param>
public sealed record ReconcileRequest(DateTimeOffset? Since);

/// <summary>A disagreement, once however often it was found.</summary>
/// <param name="Mended">False: a person has to look.</param>
public sealed record FoundDisagreement(string Code, string Subject, string Detail, bool Mended, DateTimeOffset FirstFoundAt, DateTimeOffset LastFoundAt);

public sealed record ReconciliationRun(Guid RunId, DateTimeOffset StartedAt, DateTimeOffset EndedAt, int Orders, int Findings);

/// <summary>A page of disagreements, the latest first, and the latest run.</summary>
public sealed record ReconciliationPage(IReadOnlyList<FoundDisagreement> Findings, ReconciliationRun? LatestRun, long Total, int Page, int Limit);

/// <summary><c>POST</c> and <c>GET /api/orders/reconciliation</c>, for employees.</summary>
static class ReconciliationEndpoints
{
    static readonly Problem underWay = new(ProblemKind.Conflict, "RECONCILIATION_RUNNING", "A reconciliation is under way. Look at its findings in a moment.");

    public static async Task<Results<Ok<ReconciliationReport>, ProblemHttpResult>> Run(
        ReconcileRequest request, ReconcileOrders reconcile, IOptions<OrdersOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (request.Since is { } since && (since > clock.GetUtcNow() || since.Year < 2000)) return Problem.Validation("since", "Since is a time between 2000 and now.").ToResult();
        var report = await reconcile.RunOnceAsync(request.Since ?? clock.GetUtcNow() - options.Value.ReconcileOver, cancellationToken);
        return report is null ? underWay.ToResult() : TypedResults.Ok(report);
    }

    public static async Task<Results<Ok<ReconciliationPage>, ProblemHttpResult>> List(OrdersDb db, CancellationToken cancellationToken, bool? mended = null, int page = 1, int limit = 20)
    {
        if (page is < 1 or > 100_000) return Problem.Validation("page", "Pages count from 1 to 100,000.").ToResult();
        if (limit is < 1 or > 100) return Problem.Validation("limit", "The limit is 1 to 100.").ToResult();

        await using var batch = db.Source.CreateBatch();
        batch.BatchCommands.Add(new("select count(*) from reconciliation_findings where $1::boolean is null or mended = $1") { Parameters = { Mended(mended) } });
        batch.BatchCommands.Add(new("select run_id, started_at, ended_at, orders, findings from reconciliation_runs order by run_id desc limit 1"));
        batch.BatchCommands.Add(new(
            """
            select code, subject, detail, mended, first_found_at, last_found_at from reconciliation_findings where $1::boolean is null or mended = $1
            order by last_found_at desc, code, subject limit $2 offset $3
            """)
        {
            Parameters = { Mended(mended), new NpgsqlParameter<int> { TypedValue = limit }, new NpgsqlParameter<long> { TypedValue = (page - 1L) * limit } },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var latest = await reader.ReadAsync(cancellationToken)
            ? new ReconciliationRun(reader.GetGuid(0), OrdersDb.Utc(reader.GetDateTime(1)), OrdersDb.Utc(reader.GetDateTime(2)), reader.GetInt32(3), reader.GetInt32(4))
            : null;
        await reader.NextResultAsync(cancellationToken);
        var findings = new List<FoundDisagreement>();
        while (await reader.ReadAsync(cancellationToken))
            findings.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), OrdersDb.Utc(reader.GetDateTime(4)), OrdersDb.Utc(reader.GetDateTime(5))));
        return TypedResults.Ok(new ReconciliationPage(findings, latest, total, page, limit));
    }

    static NpgsqlParameter Mended(bool? mended) => new() { Value = (object?)mended ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Boolean };
}
