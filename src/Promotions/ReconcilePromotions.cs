using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Contracts.Reconciliation;

namespace Rosa.Promotions;

/// <summary><c>POST /internal/reconciliation</c>: which orders have a promo use, and whether what is counted is what was used.</summary>
static class ReconcilePromotions
{
    const int MostDiscrepancies = 100;

    public static async Task<Ok<ReconciliationAnswer>> Handle(ReconciliationQuery query, NpgsqlDataSource source, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ReconciliationAnswer(await HeldAsync(query, source, cancellationToken), query.Books ? await MendCountsAsync(source, cancellationToken) : []));

    static async Task<List<HeldForOrder>> HeldAsync(ReconciliationQuery query, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select order_id, case when released_at is null then 'REDEEMED' else 'RELEASED' end, coalesce(discount, 0)
            from redemptions where order_id > $1 and order_id <= $2 order by order_id limit $3
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
    /// A code counts as many uses as orders have, and so does each customer's share. Every use and release goes through the code's row: under its
    /// lock, and in a statement of its own that begins after it, the redemptions are the truth.
    /// </summary>
    static async Task<List<BookDiscrepancy>> MendCountsAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var mended = new List<BookDiscrepancy>();
        foreach (var code in await SuspectsAsync(source, cancellationToken))
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var take = new NpgsqlCommand("select usage_count from promotions where code = $1 for update", connection, transaction);
            take.Parameters.Add(new NpgsqlParameter<string> { TypedValue = code });
            var before = (int)(await take.ExecuteScalarAsync(cancellationToken))!;
            await using var mend = new NpgsqlBatch(connection, transaction)
            {
                BatchCommands =
                {
                    new("""
                        update promotion_users u set uses = (select count(*) from redemptions r where r.code = u.code and r.user_id = u.user_id and r.released_at is null)
                        where code = $1
                        """) { Parameters = { new NpgsqlParameter<string> { TypedValue = code } } },
                    new("update promotions set usage_count = (select count(*) from redemptions where code = $1 and released_at is null) where code = $1 returning usage_count")
                    {
                        Parameters = { new NpgsqlParameter<string> { TypedValue = code } },
                    },
                },
            };
            var after = (int)(await mend.ExecuteScalarAsync(cancellationToken))!;
            await transaction.CommitAsync(cancellationToken);
            mended.Add(new BookDiscrepancy("PROMO_COUNT", code, before == after ? "Uses by customer did not add up, and were counted anew." : $"It counted {before} uses, and there are {after}.", Mended: true));
        }
        return mended;
    }

    static async Task<List<string>> SuspectsAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            with used as (select code, user_id, count(*) as uses from redemptions where code is not null and released_at is null group by code, user_id),
            wrong as (
              select coalesce(u.code, used.code) as code from promotion_users u full join used using (code, user_id) where coalesce(u.uses, 0) <> coalesce(used.uses, 0)
              union
              select p.code from promotions p left join used using (code) group by p.code having p.usage_count <> coalesce(sum(used.uses), 0))
            select code from wrong order by code limit $1
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostDiscrepancies });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var suspects = new List<string>();
        while (await reader.ReadAsync(cancellationToken)) suspects.Add(reader.GetString(0));
        return suspects;
    }
}
