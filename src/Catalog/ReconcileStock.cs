using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Contracts.Reconciliation;

namespace Rosa.Catalog;

/// <summary><c>POST /internal/reconciliation</c>: what is held for orders, and whether stock, reservations and history agree.</summary>
static class ReconcileStock
{
    const int MostDiscrepancies = 100;

    public static async Task<Ok<ReconciliationAnswer>> Handle(ReconciliationQuery query, NpgsqlDataSource source, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ReconciliationAnswer(
            await HeldAsync(query, source, cancellationToken),
            query.Books ? [.. await MendReservedAsync(source, cancellationToken), .. await WithoutHistoryAsync(source, cancellationToken)] : []));

    static async Task<List<HeldForOrder>> HeldAsync(ReconciliationQuery query, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select r.order_id, (array['HELD', 'COMMITTED', 'RELEASED', 'EXPIRED'])[r.state],
                   coalesce((select sum(quantity) from reservation_lines l where l.order_id = r.order_id), 0)::numeric
            from reservations r
            where r.order_id > $1 and r.order_id <= $2
            order by r.order_id limit $3
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = query.After });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = query.UpTo });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Math.Clamp(query.Limit, 1, 2_000) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var held = new List<HeldForOrder>();
        while (await reader.ReadAsync(cancellationToken)) held.Add(new HeldForOrder(reader.GetGuid(0), reader.GetString(1), reader.GetDecimal(2), Reference: null));
        return held;
    }

    /// <summary>
    /// What is reserved is what the held reservations add up to. Whoever changes either has locked the product's row before: under the lock,
    /// and in a statement of its own that begins after it, the sum is the truth.
    /// </summary>
    static async Task<List<BookDiscrepancy>> MendReservedAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var mended = new List<BookDiscrepancy>();
        foreach (var productId in await SuspectsAsync(source, cancellationToken))
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var take = new NpgsqlCommand("select reserved from stock where product_id = $1 for update", connection, transaction);
            take.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = productId });
            var before = (int)(await take.ExecuteScalarAsync(cancellationToken))!;
            await using var mend = new NpgsqlCommand(
                """
                update stock set reserved = (
                  select coalesce(sum(l.quantity), 0) from reservation_lines l join reservations r using (order_id) where l.product_id = $1 and r.state = 1)
                where product_id = $1 returning reserved
                """, connection, transaction);
            mend.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = productId });
            var reserved = (int)(await mend.ExecuteScalarAsync(cancellationToken))!;
            await transaction.CommitAsync(cancellationToken);
            if (before != reserved) mended.Add(new BookDiscrepancy("RESERVED_STOCK", productId.ToString(), $"It said {before} reserved, and {reserved} are.", Mended: true));
        }
        return mended;
    }

    static async Task<List<Guid>> SuspectsAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            with held as (select l.product_id, sum(l.quantity) as quantity from reservation_lines l join reservations r using (order_id) where r.state = 1 group by l.product_id)
            select product_id from stock s full join held using (product_id) where coalesce(s.reserved, 0) <> coalesce(held.quantity, 0) limit $1
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostDiscrepancies });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var suspects = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) suspects.Add(reader.GetGuid(0));
        return suspects;
    }

    /// <summary>Whether goods are missing or a movement was not written down cannot be told from here: somebody has to count.</summary>
    static async Task<List<BookDiscrepancy>> WithoutHistoryAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select s.product_id, s.available + s.reserved, coalesce(sum(m.change), 0)
            from stock s left join stock_movements m using (product_id)
            group by s.product_id having s.available + s.reserved <> coalesce(sum(m.change), 0)
            limit $1
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostDiscrepancies });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<BookDiscrepancy>();
        while (await reader.ReadAsync(cancellationToken))
            found.Add(new BookDiscrepancy("STOCK_HISTORY", reader.GetGuid(0).ToString(), $"{reader.GetInt32(1)} are there, and the history adds up to {reader.GetInt64(2)}.", Mended: false));
        return found;
    }
}
