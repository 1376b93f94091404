using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Rosa.Platform.Database;

namespace Rosa.Catalog;

/// <param name="Accepted">Whether the wish holds now: reserved, committed.</param>
/// <param name="Failure">The order's command could not be carried out; nothing of it happened.</param>
sealed record ReservationAnswer(bool Accepted, IReadOnlyList<ShortLine> Short, Exception? Failure = null);

/// <summary>
/// Carries out what happens to reservations, many orders at a time: all that arrive while one transaction is under way share
/// the next. A hot product's row is then locked and written once for a hundred buyers.
/// </summary>
/// <remarks>
/// One transaction locks the reservations by order id and the stock by product id, so that instances never wait in a circle;
/// decides every command in the order of arrival by <see cref="ReservationRules"/>; and writes what came of it. The database has
/// the last word: checks on stock, and the unique order id, which finds an order that two instances began at once.
/// </remarks>
sealed class Reservations : IAsyncDisposable
{
    const int MostTogether = 200;

    readonly ServiceDatabase database;
    readonly StockFeed feed;
    readonly TimeProvider clock;
    readonly int lowStock;
    readonly RequestBatcher<ReservationCommand, ReservationAnswer> batcher;

    public Reservations(ServiceDatabase database, StockFeed feed, IOptions<CatalogOptions> options, TimeProvider clock)
    {
        this.database = database;
        this.feed = feed;
        this.clock = clock;
        lowStock = options.Value.LowStock;
        batcher = new(HandleAsync, MostTogether);
    }

    public async Task<ReservationAnswer> AskAsync(ReservationCommand command, CancellationToken cancellationToken)
    {
        var answer = await batcher.AskAsync(command, cancellationToken);
        return answer.Failure is null ? answer : throw answer.Failure;
    }

    public ValueTask DisposeAsync() => batcher.DisposeAsync();

    async Task<IReadOnlyList<ReservationAnswer>> HandleAsync(IReadOnlyList<ReservationCommand> commands, CancellationToken cancellationToken)
    {
        try
        {
            return await CarryOutAsync(commands, cancellationToken);
        }
        catch (Exception exception) when (MayBeOneOrdersFault(exception))
        {
            // Nothing of the batch happened. One by one, an order that cannot be carried out fails alone.
            var answers = new List<ReservationAnswer>(commands.Count);
            foreach (var command in commands) answers.Add(await CarryOutAloneAsync(command, cancellationToken));
            return answers;
        }
    }

    async Task<ReservationAnswer> CarryOutAloneAsync(ReservationCommand command, CancellationToken cancellationToken)
    {
        const int attempts = 3;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (await CarryOutAsync([command], cancellationToken))[0];
            }
            catch (Exception exception) when (MayBeOneOrdersFault(exception))
            {
                if (attempt == attempts) return new ReservationAnswer(Accepted: false, [], exception);
            }
        }
    }

    /// <summary>True for what the database refused; false for a database that is down, where trying again one by one only adds to the queue.</summary>
    static bool MayBeOneOrdersFault(Exception exception) => exception is PostgresException or OrderBegunElsewhereException;

    /// <summary>Another instance wrote the first reservation of this order in the same moment.</summary>
    sealed class OrderBegunElsewhereException() : Exception("Another instance is handling this order right now.");

    async Task<IReadOnlyList<ReservationAnswer>> CarryOutAsync(IReadOnlyList<ReservationCommand> commands, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var answers = new ReservationAnswer[commands.Count];
        ReservationWork work;
        var told = 0;
        await using (var connection = await database.Source.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            work = await LockAsync(connection, transaction, commands, cancellationToken);
            for (var i = 0; i < commands.Count; i++)
            {
                var decision = work.Decide(commands[i]);
                answers[i] = new ReservationAnswer(decision.Accepted, decision.Short ?? []);
            }
            if (work.IsEmpty) return answers;

            await WriteAsync(connection, transaction, work, now, cancellationToken);
            told = await StockNews.TellAsync(work.ChangedShelves(), lowStock, database.Events, connection, transaction, now, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        if (told > 0) database.OutboxSignal.Wake();
        foreach (var shelf in work.ChangedShelves()) feed.Changed(shelf.ProductId);
        return answers;
    }

    /// <summary>Locks and reads all that the commands may touch, in one round trip.</summary>
    static async Task<ReservationWork> LockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<ReservationCommand> commands, CancellationToken cancellationToken)
    {
        Guid[] orderIds = [.. commands.Select(command => command.OrderId).Distinct()];
        Guid[] productIds = [.. commands.OfType<ReservationCommand.Reserve>().SelectMany(reserve => reserve.Lines).Select(line => line.ProductId).Distinct()];

        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new("select order_id, state, expires_at from reservations where order_id = any($1) order by order_id for update")
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = orderIds } },
        });
        batch.BatchCommands.Add(new("select order_id, product_id, quantity from reservation_lines where order_id = any($1)")
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = orderIds } },
        });
        batch.BatchCommands.Add(new(
            """
            select product_id, available, for_sale, low_at
            from stock
            where product_id = any($1 || array(select product_id from reservation_lines where order_id = any($2)))
            order by product_id
            for update
            """)
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = productIds }, new NpgsqlParameter<Guid[]> { TypedValue = orderIds } },
        });

        var states = new List<(Guid OrderId, ReservationState State, DateTimeOffset ExpiresAt)>();
        var lines = new Dictionary<Guid, List<ReservationLine>>();
        var shelves = new Dictionary<Guid, Shelf>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            states.Add((reader.GetGuid(0), (ReservationState)reader.GetInt16(1), reader.GetFieldValue<DateTimeOffset>(2)));

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var orderId = reader.GetGuid(0);
            if (!lines.TryGetValue(orderId, out var ofOrder)) lines[orderId] = ofOrder = [];
            ofOrder.Add(new ReservationLine(reader.GetGuid(1), reader.GetInt32(2)));
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) shelves[reader.GetGuid(0)] = new Shelf(reader.GetInt32(1), reader.GetBoolean(2), reader.IsDBNull(3) ? null : reader.GetInt32(3));

        return new ReservationWork(
            states.ToDictionary(row => row.OrderId, row => new Reservation(row.State, lines.GetValueOrDefault(row.OrderId) ?? [], row.ExpiresAt)), shelves);
    }

    static async Task WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, ReservationWork work, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (work.Begun is { Count: > 0 } begun)
        {
            batch.BatchCommands.Add(new(
                """
                insert into reservations (order_id, state, expires_at, changed_at)
                select order_id, state, expires_at, $4
                from unnest($1::uuid[], $2::smallint[], $3::timestamptz[]) begun (order_id, state, expires_at)
                order by order_id
                on conflict (order_id) do nothing
                """)
            {
                Parameters = { Ids(begun.Keys), States(begun.Values), Expiries(begun.Values), Time(now) },
            });
        }
        if (work.Continued is { Count: > 0 } continued)
        {
            batch.BatchCommands.Add(new(
                """
                update reservations r
                set state = c.state, expires_at = c.expires_at, changed_at = $4
                from unnest($1::uuid[], $2::smallint[], $3::timestamptz[]) c (order_id, state, expires_at)
                where r.order_id = c.order_id
                """)
            {
                Parameters = { Ids(continued.Keys), States(continued.Values), Expiries(continued.Values), Time(now) },
            });
        }
        if (work.HeldAgain is { Count: > 0 } heldAgain)
            batch.BatchCommands.Add(new("delete from reservation_lines where order_id = any($1)") { Parameters = { Ids(heldAgain) } });
        if (work.NewLines is { Count: > 0 } newLines)
        {
            batch.BatchCommands.Add(new(
                "insert into reservation_lines (order_id, product_id, quantity) select * from unnest($1::uuid[], $2::uuid[], $3::int[])")
            {
                Parameters =
                {
                    Ids(newLines.Select(line => line.OrderId)), Ids(newLines.Select(line => line.Line.ProductId)), Numbers(newLines.Select(line => line.Line.Quantity)),
                },
            });
        }
        if (work.Moved is { Count: > 0 } moved)
        {
            batch.BatchCommands.Add(new(
                """
                update stock s
                set available = s.available + m.available, reserved = s.reserved + m.reserved
                from unnest($1::uuid[], $2::int[], $3::int[]) m (product_id, available, reserved)
                where s.product_id = m.product_id
                """)
            {
                Parameters = { Ids(moved.Keys), Numbers(moved.Values.Select(goods => goods.Available)), Numbers(moved.Values.Select(goods => goods.Reserved)) },
            });
        }
        if (work.Entries is { Count: > 0 } entries)
        {
            batch.BatchCommands.Add(new(
                """
                insert into stock_movements (product_id, at, change, available, reason, order_id)
                select product_id, $6, change, available, reason, order_id
                from unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::uuid[]) e (product_id, change, available, reason, order_id)
                """)
            {
                Parameters =
                {
                    Ids(entries.Select(entry => entry.ProductId)), Numbers(entries.Select(entry => entry.Change)), Numbers(entries.Select(entry => entry.Available)),
                    new NpgsqlParameter<string[]> { TypedValue = [.. entries.Select(entry => entry.Reason)] }, Ids(entries.Select(entry => entry.OrderId)), Time(now),
                },
            });
        }
        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (work.Begun.Count > 0 && batch.BatchCommands[0].RecordsAffected != work.Begun.Count) throw new OrderBegunElsewhereException();
    }

    static NpgsqlParameter Ids(IEnumerable<Guid> ids) => new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] };

    static NpgsqlParameter Numbers(IEnumerable<int> numbers) => new NpgsqlParameter<int[]> { TypedValue = [.. numbers] };

    static NpgsqlParameter States(IEnumerable<Reservation> reservations) =>
        new NpgsqlParameter<short[]> { TypedValue = [.. reservations.Select(reservation => (short)reservation.State)] };

    static NpgsqlParameter Expiries(IEnumerable<Reservation> reservations) =>
        new NpgsqlParameter<DateTime[]> { TypedValue = [.. reservations.Select(reservation => reservation.ExpiresAt.UtcDateTime)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };

    static NpgsqlParameter Time(DateTimeOffset time) => new NpgsqlParameter<DateTime> { TypedValue = time.UtcDateTime };
}
