using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Contracts.Orders;
using Rosa.Contracts.Reconciliation;
using Rosa.Platform.Database;

namespace Rosa.Orders;

/// <summary>What one run saw.</summary>
/// <param name="Orders">How many orders were compared.</param>
public sealed record ReconciliationReport(Guid RunId, DateTimeOffset StartedAt, DateTimeOffset EndedAt, int Orders, IReadOnlyList<ReconciliationFinding> Findings);

/// <summary>
/// Compares orders, stock, promo uses and money, every <see cref="OrdersOptions.ReconcileEvery"/> and on demand; mends what may be mended and tells of
/// what it finds for the first time. One instance at a time.
/// </summary>
sealed partial class ReconcileOrders(
    OrdersDb db, ServiceDatabase database, ReconciliationBooks books, CheckoutCalls services, IOptions<OrdersOptions> options, TimeProvider clock, ILogger<ReconcileOrders> logger) : BackgroundService
{
    const long OneAtATime = 0x5265636F6E63;   // "Reconc"
    const int MostFindings = 1_000;
    const int MendedAtOnce = 8;
    static readonly TimeSpan lookAgainAfter = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReconcileEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await RunOnceAsync(clock.GetUtcNow() - options.Value.ReconcileOver, stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    // Another service is down: the next run sees what this one did not.
                    Log.Interrupted(logger, exception.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    /// <summary>Compares everything since then. Null when another run is under way.</summary>
    public async Task<ReconciliationReport?> RunOnceAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var turn = await db.Source.OpenConnectionAsync(cancellationToken);
        await using (var take = new NpgsqlCommand($"select pg_try_advisory_lock({OneAtATime})", turn))
            if (!(bool)(await take.ExecuteScalarAsync(cancellationToken))!) return null;
        try
        {
            var startedAt = clock.GetUtcNow();
            var (orders, findings) = await CompareAsync(since, startedAt, cancellationToken);
            var report = new ReconciliationReport(Guid.CreateVersion7(), startedAt, clock.GetUtcNow(), orders, findings);
            await RecordAsync(report, cancellationToken);
            Log.Compared(logger, orders, findings.Count, findings.Count(finding => finding.Mended), (report.EndedAt - startedAt).TotalSeconds);
            return report;
        }
        finally
        {
            await using var give = new NpgsqlCommand($"select pg_advisory_unlock({OneAtATime})", turn);
            await give.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    async Task<(int Orders, List<ReconciliationFinding> Findings)> CompareAsync(DateTimeOffset since, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var findings = new List<ReconciliationFinding>();
        var (after, end) = (ReconciliationBooks.IdAt(since), ReconciliationBooks.IdAt(now - options.Value.ReconcileAfter));
        var orders = 0;
        for (var first = true; (first || after < end) && findings.Count < MostFindings; first = false)
        {
            var page = await books.ReadAsync(after, end, all: first, cancellationToken);
            orders += page.Orders.Count(order => order.Order is not null);
            findings.AddRange(page.OwnBooks.Select(found => new ReconciliationFinding(found.Code, found.Subject, found.Detail, found.Mended)));
            findings.AddRange(await LookAgainAsync([.. page.Orders.Where(order => Reconciliation.Judge(order).Any())], cancellationToken));
            after = page.UpTo;
        }
        return (orders, findings);
    }

    /// <summary>Books that are read one after the other disagree whenever something happens in between: what is wrong is wrong twice.</summary>
    async Task<IReadOnlyList<ReconciliationFinding>> LookAgainAsync(IReadOnlyList<OrderBooks> suspects, CancellationToken cancellationToken)
    {
        if (suspects.Count == 0) return [];
        await Task.Delay(lookAgainAfter, clock, cancellationToken);
        var findings = new ConcurrentQueue<ReconciliationFinding>();
        await Parallel.ForEachAsync(suspects, new ParallelOptions { MaxDegreeOfParallelism = MendedAtOnce, CancellationToken = cancellationToken }, async (suspect, token) =>
        {
            if (await books.ReadAsync(suspect.OrderId, token) is not { } again || again.Order?.Version != suspect.Order?.Version) return;
            foreach (var found in Reconciliation.Judge(again))
                findings.Enqueue(new ReconciliationFinding(found.Code, suspect.OrderId.ToString(), found.Detail, await MendAsync(again, found.Mending)));
        });
        return [.. findings];
    }

    async Task<bool> MendAsync(OrderBooks books, Mending mending)
    {
        var order = books.Order ?? new Order(books.OrderId);
        return mending switch
        {
            Mending.None => false,
            Mending.ContinueSaga => await ContinueAsync(order),
            Mending.RewriteView => await db.RewriteViewAsync(order),
            Mending.CommitStock => await TakeAsync(CheckoutStep.CommitStock, order),
            Mending.ReleaseStock => await TakeAsync(CheckoutStep.ReleaseStock, order),
            Mending.ReleasePromo => await TakeAsync(CheckoutStep.ReleasePromo, order),
            Mending.VoidPayment => await TakeAsync(CheckoutStep.SettlePayment, order),
            Mending.GiveBack => await GiveBackAsync(books.Payment!),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    async Task<bool> TakeAsync(CheckoutStep step, Order order) => await services.TakeAsync(step, order, cardToken: "") is CheckoutOutcome.Done or CheckoutOutcome.Voided;

    /// <summary>The key carries the amount: what is left after an earlier refund is a refund of its own.</summary>
    async Task<bool> GiveBackAsync(HeldForOrder kept) =>
        await services.GiveBackAsync(kept.OrderId, kept.Reference!.Value, kept.Amount, "Kept without a sale", FormattableString.Invariant($"{kept.OrderId}:kept:{kept.Amount}")) is CheckoutOutcome.GivenBack or CheckoutOutcome.Done;

    async Task<bool> ContinueAsync(Order order)
    {
        await using var command = db.Source.CreateCommand("insert into checkouts (order_id, due_at, card_token) values ($1, now(), '') on conflict do nothing");
        command.Parameters.Add(OrdersDb.Id(order.OrderId));
        return await command.ExecuteNonQueryAsync() == 1;
    }

    /// <summary>Keeps the findings, and tells of those that are new.</summary>
    async Task RecordAsync(ReconciliationReport report, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginAsync(cancellationToken);
        var news = new List<ReconciliationFinding>();
        foreach (var finding in report.Findings)
        {
            await using var keep = new NpgsqlCommand(
                """
                insert into reconciliation_findings (code, subject, detail, mended, first_found_at, last_found_at) values ($1, $2, $3, $4, $5, $5)
                on conflict (code, subject) do update set detail = excluded.detail, mended = excluded.mended, last_found_at = excluded.last_found_at
                returning first_found_at = last_found_at
                """, transaction.Connection, transaction.Transaction);
            keep.Parameters.Add(OrdersDb.Text(finding.Code));
            keep.Parameters.Add(OrdersDb.Text(finding.Subject));
            keep.Parameters.Add(OrdersDb.Text(finding.Detail));
            keep.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = finding.Mended });
            keep.Parameters.Add(OrdersDb.Time(report.EndedAt));
            if ((bool)(await keep.ExecuteScalarAsync(cancellationToken))!) news.Add(finding);
        }
        await using var run = new NpgsqlCommand(
            "insert into reconciliation_runs (run_id, started_at, ended_at, orders, findings) values ($1, $2, $3, $4, $5)", transaction.Connection, transaction.Transaction);
        run.Parameters.Add(OrdersDb.Id(report.RunId));
        run.Parameters.Add(OrdersDb.Time(report.StartedAt));
        run.Parameters.Add(OrdersDb.Time(report.EndedAt));
        run.Parameters.Add(new NpgsqlParameter<int> { TypedValue = report.Orders });
        run.Parameters.Add(new NpgsqlParameter<int> { TypedValue = report.Findings.Count });
        await run.ExecuteNonQueryAsync(cancellationToken);
        if (news.Count > 0) await transaction.PublishAsync(new ReconciliationFound(report.RunId, news, report.EndedAt), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(130, LogLevel.Information, "{Orders} orders compared with stock, promo uses and money in {Seconds:0.0} s: {Findings} disagreements, {Mended} mended")]
        public static partial void Compared(ILogger logger, int orders, int findings, int mended, double seconds);

        [LoggerMessage(131, LogLevel.Warning, "The reconciliation was interrupted; the next run makes up for it: {Reason}")]
        public static partial void Interrupted(ILogger logger, string reason);
    }
}
