using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Rosa.Contracts.Orders;
using Rosa.Platform.Database;
using Rosa.Platform.Idempotency;

namespace Rosa.Orders;

/// <summary>Orders as streams of events, with the view of each written in the same transaction.</summary>
public sealed class OrdersDb(ServiceDatabase database, TimeProvider clock) : ICheckoutStore
{
    public NpgsqlDataSource Source => database.Source;

    /// <summary>The order as its events make it; one that was never placed has version 0.</summary>
    public async Task<Order> LoadAsync(Guid orderId)
    {
        await using var connection = await Source.OpenConnectionAsync();
        return await LoadAsync(orderId, connection);
    }

    internal static async Task<Order> LoadAsync(Guid orderId, NpgsqlConnection connection)
    {
        var order = new Order(orderId);
        await using var command = new NpgsqlCommand("select type, data::text, at from order_events where order_id = $1 order by version", connection);
        command.Parameters.Add(Id(orderId));
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            order = Order.Evolve(order, OrdersJson.ReadEvent(reader.GetString(0), reader.GetString(1)), Utc(reader.GetDateTime(2)));
        return order;
    }

    /// <summary>
    /// Begins an order: its first event, its saga with a lease, and the claim of its idempotency key, all or none.
    /// False when the key is taken.
    /// </summary>
    public async Task<bool> PlaceAsync(CheckoutRun run, OrderEvent.Placed placed, DateTimeOffset at, IdempotencyKey? key, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var batch = Source.CreateBatch();
        if (key is not null) batch.BatchCommands.Add(IdempotencyKeys.Claim(key, run.OrderId));
        batch.BatchCommands.Add(InsertEvents(run.OrderId, firstVersion: 1, [new RecordedEvent(placed, at)]));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into checkouts (order_id, due_at, card_token, key_scope, key) values ($1, now() + $2, $3, $4, $5)")
        {
            Parameters = { Id(run.OrderId), new NpgsqlParameter<TimeSpan> { TypedValue = lease }, Text(run.CardToken), Text(run.KeyScope), Text(run.Key) },
        });
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation && taken.ConstraintName == "idempotency_keys_pkey")
        {
            return false;
        }
    }

    public async Task<bool> AppendAsync(CheckoutRun run, Order order, IReadOnlyList<RecordedEvent> events, TimeSpan? dueIn)
    {
        var commands = new List<NpgsqlBatchCommand>(8);
        AddOrder(commands, order, events);
        if (Checkout.Next(order) is null)
            commands.Add(new NpgsqlBatchCommand("delete from checkouts where order_id = $1") { Parameters = { Id(run.OrderId) } });
        else if (dueIn is { } wait)
            commands.Add(new NpgsqlBatchCommand("update checkouts set due_at = now() + $2 where order_id = $1")
            {
                Parameters = { Id(run.OrderId), new NpgsqlParameter<TimeSpan> { TypedValue = wait } },
            });

        if (run is { KeyScope: { } scope, Key: { } name } && (order.Status != OrderStatus.PaymentProcessing || dueIn is not null))
        {
            var key = new IdempotencyKey(scope, name, []);
            var answer = PlaceOrderAnswer.For(order);
            commands.Add(answer.UsesTheKeyUp ? IdempotencyKeys.Answer(key, answer.Status, answer.Body) : IdempotencyKeys.Forget(key));
        }
        if (events.Any(e => e.Event is OrderEvent.PaymentRequested)) commands.Add(EmptyCart(order));
        return await WriteAsync(commands);
    }

    /// <summary>
    /// Writes what a person did to an order. With <paramref name="saga"/> the order has something to give back, and the worker will.
    /// False when somebody else has written to the order since.
    /// </summary>
    public Task<bool> AppendAsync(Order order, OrderEvent happened, DateTimeOffset at, TimeSpan? sagaLease) => WriteAsync(AppendCommands(order, happened, at, sagaLease));

    /// <summary>The same within a transaction, which fails when somebody else has written to the order since.</summary>
    internal async Task AppendAsync(DatabaseTransaction transaction, Order order, OrderEvent happened, DateTimeOffset at, TimeSpan sagaLease, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        foreach (var command in AppendCommands(order, happened, at, sagaLease)) batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    List<NpgsqlBatchCommand> AppendCommands(Order order, OrderEvent happened, DateTimeOffset at, TimeSpan? sagaLease)
    {
        var commands = new List<NpgsqlBatchCommand>(4);
        AddOrder(commands, order, [new RecordedEvent(happened, at)]);
        if (sagaLease is { } lease)
            commands.Add(new NpgsqlBatchCommand(
                "insert into checkouts (order_id, due_at, card_token) values ($1, now() + $2, '') on conflict (order_id) do update set due_at = excluded.due_at")
            {
                Parameters = { Id(order.OrderId), new NpgsqlParameter<TimeSpan> { TypedValue = lease } },
            });
        return commands;
    }

    /// <summary>Events, the view if a customer may see the order, and what the world is told.</summary>
    void AddOrder(List<NpgsqlBatchCommand> commands, Order order, IReadOnlyList<RecordedEvent> events)
    {
        if (events.Count == 0) return;
        commands.Add(InsertEvents(order.OrderId, order.Version - events.Count + 1, events));
        if (order.IsVisible) commands.Add(View(order));
        foreach (var (happened, at) in events)
        {
            if (Tell(order, happened, at) is { } told) commands.Add(told);
            if (InvoiceDue.After(order, happened, at) is { } due) commands.Add(due);
        }
    }

    static NpgsqlBatchCommand View(Order order) => new(
        """
        insert into order_views (order_id, user_id, status, placed_at, document) values ($1, $2, $3, $4, $5::jsonb)
        on conflict (order_id) do update set status = excluded.status, document = excluded.document
        """)
    {
        Parameters =
        {
            Id(order.OrderId), Id(order.UserId), Text(order.Status.OnTheWire()), Time(order.PlacedAt),
            Text(JsonSerializer.Serialize(OrderDocument.From(order), OrdersJson.Default.OrderDocument)),
        },
    };

    /// <summary>Makes the view anew from the events that made this order.</summary>
    public Task<bool> RewriteViewAsync(Order order) => order.IsVisible ? WriteAsync([View(order)]) : Task.FromResult(false);

    NpgsqlBatchCommand? Tell(Order order, OrderEvent happened, DateTimeOffset at) => happened switch
    {
        OrderEvent.Confirmed => database.Events.Command(new OrderCreated(
            order.OrderId, order.UserId, order.Items, order.TotalAmount, order.Discount, order.FinalAmount, order.Currency, order.ShippingAddress!, at)),
        OrderEvent.Cancelled e => database.Events.Command(new OrderCancelled(order.OrderId, order.UserId, e.Reason, order.RefundAmount, at)),
        OrderEvent.ProcessingStarted => database.Events.Command(new OrderProcessing(order.OrderId, order.UserId, at)),
        OrderEvent.Shipped e => database.Events.Command(new OrderShipped(order.OrderId, order.UserId, e.Carrier, e.TrackingNumber, at)),
        OrderEvent.Delivered => database.Events.Command(new OrderDelivered(order.OrderId, order.UserId, at)),
        _ => null,
    };

    async Task<bool> WriteAsync(List<NpgsqlBatchCommand> commands)
    {
        if (commands.Count == 0) return true;
        await using var batch = Source.CreateBatch();
        foreach (var command in commands) batch.BatchCommands.Add(command);
        try
        {
            await batch.ExecuteNonQueryAsync();
        }
        catch (PostgresException conflict) when (conflict.SqlState == PostgresErrorCodes.UniqueViolation && conflict.ConstraintName == "order_events_pkey")
        {
            return false;
        }
        database.OutboxSignal.Wake();
        return true;
    }

    static NpgsqlBatchCommand InsertEvents(Guid orderId, int firstVersion, IReadOnlyList<RecordedEvent> events) =>
        new("insert into order_events (order_id, trace_id, version, type, data, at) select $1, $6, * from unnest($2::int[], $3::text[], $4::jsonb[], $5::timestamptz[])")
        {
            Parameters =
            {
                Id(orderId),
                new NpgsqlParameter<int[]> { TypedValue = [.. Enumerable.Range(firstVersion, events.Count)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. events.Select(e => e.Event.GetType().Name)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. events.Select(e => OrdersJson.WriteEvent(e.Event))], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                new NpgsqlParameter<DateTime[]> { TypedValue = [.. events.Select(e => e.At.UtcDateTime)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
                Text(System.Diagnostics.Activity.Current?.TraceId.ToHexString()),
            },
        };

    /// <summary>What was ordered leaves the customer's cart.</summary>
    static NpgsqlBatchCommand EmptyCart(Order order) =>
        new("delete from cart_lines where owner = $1 and not is_guest and product_id = any($2)")
        {
            Parameters = { Id(order.UserId), new NpgsqlParameter<Guid[]> { TypedValue = [.. order.Items.Select(item => item.ProductId)] } },
        };

    /// <summary>Keeps what went wrong between two events.</summary>
    internal async Task NoteTroubleAsync(Guid orderId, CheckoutStep step, string trouble)
    {
        await using var command = Source.CreateCommand("insert into checkout_troubles (order_id, at, step, trouble, trace_id) values ($1, $2, $3, $4, $5)");
        command.Parameters.Add(Id(orderId));
        command.Parameters.Add(Time(Now));
        command.Parameters.Add(Text(step.ToString()));
        command.Parameters.Add(Text(trouble));
        command.Parameters.Add(Text(System.Diagnostics.Activity.Current?.TraceId.ToHexString()));
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Takes up to <paramref name="most"/> sagas whose lease has passed, and their lease with them.</summary>
    public async Task<List<CheckoutRun>> ClaimDueAsync(int most, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = Source.CreateCommand(
            """
            update checkouts set due_at = now() + $2
            where order_id in (select order_id from checkouts where due_at <= now() order by due_at limit $1 for update skip locked)
            returning order_id, card_token, key_scope, key
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = lease });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<CheckoutRun>();
        while (await reader.ReadAsync(cancellationToken))
            due.Add(new CheckoutRun(reader.GetGuid(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3)));
        return due;
    }

    public DateTimeOffset Now => clock.Now();

    internal static NpgsqlParameter Id(Guid value) => new NpgsqlParameter<Guid> { TypedValue = value };

    internal static NpgsqlParameter Text(string? value) => value is null ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } : new NpgsqlParameter<string> { TypedValue = value };

    internal static NpgsqlParameter Time(DateTimeOffset value) => new NpgsqlParameter<DateTime> { TypedValue = value.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    internal static DateTimeOffset Utc(DateTime value) => new(DateTime.SpecifyKind(value, DateTimeKind.Utc));
}
