using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Rosa.Contracts.Reconciliation;
using Rosa.Platform.Resilience;

namespace Rosa.Orders;

/// <summary>Reads what all services hold for orders, in the order of the orders' ids, which is that of time.</summary>
sealed class ReconciliationBooks(OrdersDb db, ServiceHttp http)
{
    public const int PageSize = 500;
    static readonly TimeSpan timeout = TimeSpan.FromSeconds(30);

    /// <param name="UpTo">Everything up to here has been read; the next page begins after it.</param>
    /// <param name="OwnBooks">What the services found in their own books on the way.</param>
    public sealed record Page(IReadOnlyList<OrderBooks> Orders, Guid UpTo, IReadOnlyList<BookDiscrepancy> OwnBooks);

    /// <param name="all">Whether the books of Catalog and Promotions are looked through as well, which are not divided by orders.</param>
    public async Task<Page> ReadAsync(Guid after, Guid upTo, bool all, CancellationToken cancellationToken)
    {
        // Side by side but not at one moment: what looks wrong here is looked at again before it is called so.
        var (stock, promo, payment) = (
            AskAsync("catalog", new(after, upTo, PageSize, Books: all), cancellationToken),
            AskAsync("promotions", new(after, upTo, PageSize, Books: all), cancellationToken),
            AskAsync("payments", new(after, upTo, PageSize, Books: true), cancellationToken));
        await Task.WhenAll(stock, promo, payment);
        var orders = await OrdersAsync(after, upTo, cancellationToken);

        IReadOnlyList<Guid>[] sources = [[.. orders.Keys], Ids(await stock), Ids(await promo), Ids(await payment)];
        var end = sources.Where(ids => ids.Count >= PageSize).Select(ids => ids.Max()).Append(upTo).Min();
        var (stocks, promos, payments) = (ById(await stock), ById(await promo), ById(await payment));
        var books = sources.SelectMany(ids => ids).Where(id => id <= end).Distinct().Select(id =>
        {
            var known = orders.GetValueOrDefault(id);
            return new OrderBooks(id, known?.Order, known?.SagaIsOpen ?? false, known?.ViewAgrees ?? true, stocks.GetValueOrDefault(id), promos.GetValueOrDefault(id), payments.GetValueOrDefault(id));
        });
        return new Page([.. books], end, [.. (await stock).Books, .. (await promo).Books, .. (await payment).Books]);
    }

    /// <summary>One order's books, or null when the order changed while they were read.</summary>
    public async Task<OrderBooks?> ReadAsync(Guid orderId, CancellationToken cancellationToken)
    {
        var after = Before(orderId);
        var first = (await OrdersAsync(after, orderId, cancellationToken)).GetValueOrDefault(orderId);
        var page = await ReadAsync(after, orderId, all: false, cancellationToken);
        var books = page.Orders.SingleOrDefault();
        return books is not null && books.Order?.Version == first?.Order.Version && books.SagaIsOpen == (first?.SagaIsOpen ?? false) ? books : null;
    }

    /// <summary>The smallest id that an order placed then can have.</summary>
    public static Guid IdAt(DateTimeOffset time) => Guid.ParseExact(time.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture) + new string('0', 20), "N");

    static Guid Before(Guid id) => new((UInt128.Parse(id.ToString("N"), NumberStyles.HexNumber, CultureInfo.InvariantCulture) - 1).ToString("x32", CultureInfo.InvariantCulture));

    static List<Guid> Ids(ReconciliationAnswer answer) => [.. answer.Held.Select(held => held.OrderId)];

    static Dictionary<Guid, HeldForOrder> ById(ReconciliationAnswer answer) => answer.Held.ToDictionary(held => held.OrderId);

    async Task<ReconciliationAnswer> AskAsync(string service, ReconciliationQuery query, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(
            service, HttpMethod.Post, "/internal/reconciliation", JsonContent.Create(query, OrdersJson.Default.ReconciliationQuery), timeout, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(OrdersJson.Default.ReconciliationAnswer, cancellationToken))!;
    }

    sealed record Known(Order Order, bool SagaIsOpen, bool ViewAgrees);

    /// <summary>Each order as its events make it, whatever its view says; events, views and sagas as of one moment.</summary>
    async Task<Dictionary<Guid, Known>> OrdersAsync(Guid after, Guid upTo, CancellationToken cancellationToken)
    {
        await using var command = db.Source.CreateCommand(
            """
            with placed as (select order_id from order_events where order_id > $1 and order_id <= $2 and version = 1 order by order_id limit $3)
            select e.order_id, e.type, e.data::text, e.at,
                   case when e.version = 1 then v.document::text end, c.order_id is not null
            from placed join order_events e using (order_id) left join order_views v using (order_id) left join checkouts c using (order_id)
            order by e.order_id, e.version
            """);
        command.Parameters.Add(OrdersDb.Id(after));
        command.Parameters.Add(OrdersDb.Id(upTo));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = PageSize });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var read = new Dictionary<Guid, (Order Order, bool SagaIsOpen, string? View)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetGuid(0);
            var (order, saga, view) = read.TryGetValue(id, out var begun) ? begun : (new Order(id), reader.GetBoolean(5), reader.IsDBNull(4) ? null : reader.GetString(4));
            read[id] = (Order.Evolve(order, OrdersJson.ReadEvent(reader.GetString(1), reader.GetString(2)), OrdersDb.Utc(reader.GetDateTime(3))), saga, view);
        }
        return read.ToDictionary(entry => entry.Key, entry => new Known(entry.Value.Order, entry.Value.SagaIsOpen, Agrees(entry.Value.Order, entry.Value.View)));
    }

    static bool Agrees(Order order, string? view)
    {
        if (!order.IsVisible || view is null) return !order.IsVisible && view is null;
        var wanted = JsonSerializer.SerializeToNode(OrderDocument.From(order), OrdersJson.Default.OrderDocument);
        return JsonNode.DeepEquals(JsonNode.Parse(view), wanted);
    }
}
