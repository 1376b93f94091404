using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Rosa.Orders;

/// <summary>Gives numbers to what is due, in the order in which it became due and without gaps: number, document and counter are one commit.</summary>
sealed partial class IssueInvoices(OrdersDb db, IOptions<OrdersOptions> options, TimeProvider clock, ILogger<IssueInvoices> logger) : BackgroundService
{
    const int AtOnce = 500;
    static readonly TimeSpan every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RunOnceAsync(stoppingToken) == AtOnce) { }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Interrupted(logger, exception.Message);
            }
            await Task.Delay(every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Issues what is due, at most <see cref="AtOnce"/>. Returns how many documents that were.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using (var due = db.Source.CreateCommand("select exists (select from invoices_due)"))
            if (!(bool)(await due.ExecuteScalarAsync(cancellationToken))!) return 0;

        await using var connection = await db.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var take = new NpgsqlCommand("select last from invoice_counter for update", connection, transaction)) await take.ExecuteScalarAsync(cancellationToken);

        // A statement of its own: under the lock it sees what the one before it has issued.
        await using var issue = new NpgsqlCommand(
            """
            with due as (select order_id, kind, due_at from invoices_due order by due_at, order_id, kind limit $1),
            issued as (
              insert into invoices (number, order_id, kind, issued_at, document)
              select (select last from invoice_counter) + row_number() over (order by due_at, order_id, kind), order_id, kind, $2,
                     jsonb_build_object('order', v.document, 'seller', $3::jsonb)
              from due join order_views v using (order_id)
              returning number),
            done as (delete from invoices_due using due where invoices_due.order_id = due.order_id and invoices_due.kind = due.kind)
            update invoice_counter set last = coalesce((select max(number) from issued), last) returning last - (select last from invoice_counter)
            """, connection, transaction);
        issue.Parameters.Add(new NpgsqlParameter<int> { TypedValue = AtOnce });
        issue.Parameters.Add(OrdersDb.Time(clock.Now()));
        issue.Parameters.Add(OrdersDb.Text(JsonSerializer.Serialize(options.Value.Seller, OrdersJson.Default.Seller)));
        var issued = (long)(await issue.ExecuteScalarAsync(cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        return (int)issued;
    }

    static partial class Log
    {
        [LoggerMessage(140, LogLevel.Warning, "Issuing invoices failed and is tried again in a second: {Reason}")]
        public static partial void Interrupted(ILogger logger, string reason);
    }
}
