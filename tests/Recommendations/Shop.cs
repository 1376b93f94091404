using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Rosa.Catalog;
using Rosa.Contracts;
using Rosa.Contracts.Orders;
using Rosa.Contracts.Users;
using Rosa.Platform.Hosting;
using Rosa.Platform.Messaging;
using Rosa.Testing;

namespace Rosa.Recommendations.Tests;

public sealed record Entry(Guid ProductId, string Title, string Reason, double Score);

/// <summary>Recommendations beside the real catalog, on a bus on which the test plays Orders and Users.</summary>
public sealed class Shop : IAsyncLifetime
{
    static readonly Service recommendations = new("recommendations", Port: 8005, RecommendationsService.AddRecommendations, RecommendationsService.MapRecommendations, Calls: []);
    static readonly Service catalog = new("catalog", Port: 8002, CatalogService.AddCatalog, CatalogService.MapCatalog, Calls: [], GrpcPort: 8102);
    static readonly ShippingAddress address = new("Pralinette Exemple", "1 rue de l'Exemple", null, "75000", "Paris", "FR");

    readonly InProcessTransport bus = new();
    TestService? service;
    TestService? shelves;
    NpgsqlDataSource? database;

    public TestService Service => service!;

    public TestService Catalog => shelves!;

    public NpgsqlDataSource Database => database!;

    public async ValueTask InitializeAsync()
    {
        shelves = await TestService.StartAsync(catalog, new Dictionary<string, string?> { ["Services:promotions:Grpc"] = "http://127.0.0.1:1", ["Logging:LogLevel:Default"] = "Error" }, transport: bus);
        await using (var shop = NpgsqlDataSource.Create(shelves.ConnectionString))
        await using (var command = shop.CreateCommand("insert into categories (slug, title) values ('dog', 'Chien'), ('cat', 'Chat')")) await command.ExecuteNonQueryAsync();
        service = await StartAnotherAsync(bus);
        database = NpgsqlDataSource.Create(service.ConnectionString);
    }

    /// <summary>Another instance on the same database, as another process would be.</summary>
    internal Task<TestService> StartAnotherAsync(InProcessTransport bus, string? catalogAddress = null) => TestService.StartAsync(
        recommendations,
        new Dictionary<string, string?>
        {
            ["Services:catalog:Grpc"] = catalogAddress ?? Catalog.GrpcAddress!.AbsoluteUri,
            ["Recommendations:CatalogWithin"] = "00:00:05",
            ["Logging:LogLevel:Default"] = "Error",
        },
        service?.ConnectionString, transport: bus);

    public async ValueTask DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
        if (service is not null) await service.DisposeAsync();
        if (shelves is not null) await shelves.DisposeAsync();
    }

    /// <summary>Another service tells an event, and Recommendations has done what it does then.</summary>
    public async Task TellAsync<TEvent>(TEvent happened, Guid? eventId = null) where TEvent : IEvent
    {
        var message = Message(happened, eventId);
        await bus.PublishAsync([message], default);
        await HandledAsync(message.EventId);
    }

    public static EventMessage Message<TEvent>(TEvent happened, Guid? eventId = null) where TEvent : IEvent
    {
        var id = eventId ?? Guid.CreateVersion7();
        return new EventMessage(id, TEvent.Type.RoutingKey, happened.Subject, EventEnvelope.Write(id, happened, DateTimeOffset.UtcNow));
    }

    public Task HandledAsync(params Guid[] eventIds) =>
        UntilAsync($"{eventIds.Length} events are handled", async () => await ReadAsync<long>("select count(*) from inbox where event_id = any($1) and handled_at is not null", eventIds) == eventIds.Length);

    public static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        for (var attempt = 0; attempt < 1_500; attempt++)
        {
            if (await isSo()) return;
            await Task.Delay(20);
        }
        Assert.Fail($"Not within 30 s: {what}.");
    }

    public static OrderCreated Order(Guid userId, DateTimeOffset? at = null, Guid? orderId = null, params Guid[] products) => new(
        orderId ?? Guid.CreateVersion7(), userId, [.. products.Select(product => new OrderedItem(product, "Un article", 5m, 1, 5m))],
        TotalAmount: 5m * products.Length, Discount: 0m, FinalAmount: 5m * products.Length, "EUR", address, at ?? DateTimeOffset.UtcNow);

    /// <summary>Somebody bought these together, now; a new customer unless one is named.</summary>
    public async Task<OrderCreated> BuyAsync(Guid? userId, params Guid[] products)
    {
        var order = Order(userId ?? Guid.CreateVersion7(), products: products);
        await TellAsync(order);
        return order;
    }

    public Task CancelAsync(OrderCreated order) => TellAsync(new OrderCancelled(order.OrderId, order.UserId, "Changed my mind.", order.FinalAmount, DateTimeOffset.UtcNow));

    public async Task<Guid> OwnerAsync(string? animalType, Guid? userId = null)
    {
        var id = userId ?? Guid.CreateVersion7();
        await TellAsync(new UserUpdated(id, $"{id:N}@rosa.example", "Pralinette", "Exemple", animalType, true, DateTimeOffset.UtcNow));
        return id;
    }

    /// <summary>An employee puts a product on sale, and Recommendations has heard of it.</summary>
    public async Task<Guid> ProductAsync(string title, string category = "cat", int quantity = 10)
    {
        using var employee = Catalog.Client(TestTokens.Shared.Employee());
        using var created = await employee.PostAsJsonAsync("/api/products", new
        {
            title,
            description = "Bon.",
            price = 5m,
            category,
            quantity,
            translations = new { en = new { title = $"{title} (en)", description = "Good." } },
        });
        Assert.True(created.IsSuccessStatusCode, await created.Content.ReadAsStringAsync());
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("productId").GetGuid();
        await UntilAsync($"{title} is known", () => ReadAsync<bool>("select exists (select from products where product_id = $1)", id));
        return id;
    }

    public async Task<IReadOnlyList<Entry>> SuggestedToAsync(Guid userId, string query = "", string language = "")
    {
        using var client = Service.Client(TestTokens.Shared.Customer(userId));
        return await ListAsync(client, $"/api/recommendations/{userId}{query}", language);
    }

    public async Task<IReadOnlyList<Entry>> RelatedAsync(Guid productId, string query = "", string language = "")
    {
        using var client = Service.Client();
        return await ListAsync(client, $"/api/products/{productId}/related{query}", language);
    }

    static async Task<IReadOnlyList<Entry>> ListAsync(HttpClient client, string path, string language)
    {
        if (language.Length > 0) client.DefaultRequestHeaders.AcceptLanguage.Add(StringWithQualityHeaderValue.Parse(language));
        var answer = await client.GetFromJsonAsync<JsonElement>(path);
        return answer.GetProperty("recommendations").Deserialize<List<Entry>>(JsonSerializerOptions.Web)!;
    }

    public async Task<T> ReadAsync<T>(string sql, params object[] values)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>All edges and counts, in one text. Weights to nine digits: the last ones depend on the order of additions.</summary>
    public Task<string> CountsAsync() => ReadAsync<string>(
        """
        select concat_ws(E'\n',
          (select string_agg(concat_ws(' ', 'order', order_id, user_id, animal_type, products), E'\n' order by order_id) from orders),
          (select string_agg(concat_ws(' ', 'edge', user_id, product_id, orders), E'\n' order by user_id, product_id) from purchases),
          (select string_agg(concat_ws(' ', 'popular', animal_type, product_id, orders, round(weight::numeric, 9)), E'\n' order by animal_type, product_id) from popularity),
          (select string_agg(concat_ws(' ', 'pair', product_id, other_id, together, orders, round(weight::numeric, 9)), E'\n' order by product_id, other_id) from co_purchases))
        """);
}
