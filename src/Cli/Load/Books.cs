using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Rosa.Cli.Load;

/// <summary>What orders, money and stock say, each from its own database and counted by the role that can change nothing.</summary>
/// <param name="Commits">Transactions of the whole PostgreSQL since its statistics began.</param>
/// <param name="WalBytes">What it has written to its log since it was made.</param>
sealed record Books(long Orders, decimal Ordered, long Payments, decimal Paid, long Available, long Commits, long WalBytes)
{
    /// <summary>Waits until no checkout is under way and nothing is reserved, and counts.</summary>
    /// <param name="since">Older orders and payments are left out.</param>
    public static async Task<Books> ReadAsync(RosaAddresses rosa, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var orders = await OpenAsync(rosa, "orders", cancellationToken);
        await using var payments = await OpenAsync(rosa, "payments", cancellationToken);
        await using var catalog = await OpenAsync(rosa, "catalog", cancellationToken);

        var start = Stopwatch.GetTimestamp();
        while (await NumberAsync(orders, "select count(*) from checkouts", cancellationToken) + await NumberAsync(catalog, "select coalesce(sum(reserved), 0) from stock", cancellationToken) > 0)
        {
            if (Stopwatch.GetElapsedTime(start).TotalSeconds > 30) throw new BenchFailure("Half a minute after the load checkouts are still under way or stock is still reserved.");
            await Task.Delay(100, cancellationToken);
        }
        return new Books(
            (long)await NumberAsync(orders, "select count(*) from order_views where status = 'CONFIRMED' and placed_at >= $1", cancellationToken, since),
            await NumberAsync(orders, "select coalesce(sum((document ->> 'finalAmount')::numeric), 0) from order_views where status = 'CONFIRMED' and placed_at >= $1", cancellationToken, since),
            (long)await NumberAsync(payments, "select count(*) from payments where status = 'CAPTURED' and created_at >= $1", cancellationToken, since),
            await NumberAsync(payments, "select coalesce(sum(amount), 0) from payments where status = 'CAPTURED' and created_at >= $1", cancellationToken, since),
            (long)await NumberAsync(catalog, "select coalesce(sum(available), 0) from stock", cancellationToken),
            (long)await NumberAsync(orders, "select sum(xact_commit) from pg_stat_database", cancellationToken),
            (long)await NumberAsync(orders, "select pg_current_wal_lsn() - '0/0'", cancellationToken));
    }

    /// <summary>Since these books: as many orders, payments and units as the customers were told, for the same money, or the bench fails.</summary>
    /// <param name="bought">What the customers bought meanwhile, a unit an order.</param>
    public void MustAgree(Books after, (long Orders, decimal Amount) bought)
    {
        var orders = after.Orders - Orders;
        var payments = after.Payments - Payments;
        var units = Available - after.Available;
        var ordered = after.Ordered - Ordered;
        var paid = after.Paid - Paid;
        if (orders == bought.Orders && payments == bought.Orders && units == bought.Orders && ordered == bought.Amount && paid == bought.Amount) return;
        throw new BenchFailure(string.Create(CultureInfo.InvariantCulture,
            $"The books do not agree: customers were told of {bought.Orders} orders for {bought.Amount}; there are {orders} orders for {ordered}, {payments} payments of {paid}, and {units} units were taken from stock."));
    }

    static async Task<NpgsqlConnection> OpenAsync(RosaAddresses rosa, string service, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(rosa.ReadOnly(service));
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    static async Task<decimal> NumberAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, DateTimeOffset? since = null)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        if (since is { } time) command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = time.UtcDateTime });
        return Convert.ToDecimal(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }
}
