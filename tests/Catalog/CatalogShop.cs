using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Rosa.Contracts;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Grpc;
using Rosa.Platform.Hosting;
using Rosa.Platform.Messaging;
using Rosa.Testing;

namespace Rosa.Catalog.Tests;

/// <summary>The catalog on a database of its own, with a few categories and a clock that can be put forward.</summary>
public sealed class CatalogShop : IAsyncLifetime
{
    public static readonly Service Catalog = new("catalog", Port: 8002, CatalogService.AddCatalog, CatalogService.MapCatalog, Calls: [], GrpcPort: 8102);

    readonly InProcessTransport bus = new();
    TestService? service;
    NpgsqlDataSource? database;
    GrpcChannel? channel;

    public TestService Service => service!;

    public NpgsqlDataSource Database => database!;

    public GrpcChannel Channel => channel!;

    public MovableClock Clock { get; } = new();

    public string ImageFolder { get; } = Path.Combine(Path.GetTempPath(), $"rosa-images-{Guid.NewGuid():n}");

    public HttpClient Guest { get; private set; } = null!;

    public HttpClient Employee { get; private set; } = null!;

    public Guid EmployeeId { get; } = Guid.CreateVersion7();

    public async ValueTask InitializeAsync()
    {
        service = await StartAnotherAsync();
        database = NpgsqlDataSource.Create(Service.ConnectionString + ";Application Name=test");
        channel = Service.Channel();
        Guest = Service.Client();
        Employee = Service.Client(TestTokens.Shared.Employee(EmployeeId));
        await ExecuteAsync(
            """
            insert into categories (slug, parent, title, translations, position) values
              ('dog', null, 'Chien', '{"en": {"title": "Dog"}}', 1), ('cat', null, 'Chat', '{}', 2);
            insert into categories (slug, parent, title, position) values ('dog-food', 'dog', 'Repas du chien', 1), ('dog-toys', 'dog', 'Jouets', 2);
            """);
    }

    /// <summary>Another instance of the service on this database. Its sweep does not run by itself within a test.</summary>
    public Task<TestService> StartAnotherAsync(TestRedis? redis = null) => TestService.StartAsync(
        Catalog, new Dictionary<string, string?>
        {
            ["Catalog:ExpirySweepEvery"] = "01:00:00",
            ["Catalog:Images:Folder"] = ImageFolder,
            ["Catalog:Images:LargestBytes"] = "100000",
            ["Redis:Address"] = redis?.Address,
        }, service?.ConnectionString,
        services => services.AddSingleton<TimeProvider>(Clock), transport: service is null ? bus : null);

    /// <summary>Another service tells an event, and the catalog has done what it does then.</summary>
    public async Task TellAsync<TEvent>(TEvent happened) where TEvent : IEvent
    {
        var id = Guid.CreateVersion7();
        await bus.PublishAsync([new EventMessage(id, TEvent.Type.RoutingKey, happened.Subject, EventEnvelope.Write(id, happened, Clock.GetUtcNow()))], default);
        for (var attempt = 0; attempt < 3_000; attempt++)
        {
            if (await ReadAsync<bool>("select handled_at is not null from inbox where event_id = $1", id)) return;
            await Task.Delay(10);
        }
        Assert.Fail($"{happened} was not handled.");
    }

    public async ValueTask DisposeAsync()
    {
        if (channel is not null) channel.Dispose();
        if (database is not null) await database.DisposeAsync();
        if (service is not null) await service.DisposeAsync();
        if (Directory.Exists(ImageFolder)) Directory.Delete(ImageFolder, recursive: true);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ReadAsync<T>(string sql, params object[] values)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public static object Product(string title = "Croquettes", decimal price = 10m, string category = "dog-food", int quantity = 5, string? description = null) =>
        new { title, description = description ?? "Bonnes.", price, category, quantity };

    /// <summary>An employee puts a product on sale.</summary>
    public async Task<Guid> CreateAsync(object? product = null)
    {
        using var response = await Employee.PostAsJsonAsync("/api/products", product ?? Product());
        Assert.Equal(System.Net.HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("productId").GetGuid();
    }

    public Task<Guid> CreateAsync(int quantity) => CreateAsync(Product(quantity: quantity));

    public async Task<JsonElement> GetAsync(string path) => await Guest.GetFromJsonAsync<JsonElement>(path);

    public Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcChannel? through = null)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>
        where TResponse : class, Google.Protobuf.IMessage<TResponse> =>
        (through ?? Channel).UnaryAsync(method, request, new GrpcCallOptions(TimeSpan.FromSeconds(30), TestService.ServiceMetadata));

    public Task<ReserveResponse> ReserveAsync(Guid orderId, GrpcChannel? through = null, int ttlSeconds = 0, params (Guid ProductId, int Quantity)[] lines)
    {
        var request = new ReserveRequest { OrderId = orderId.ToString(), TtlSeconds = ttlSeconds };
        request.Lines.AddRange(lines.Select(line => new OrderLine { ProductId = line.ProductId.ToString(), Quantity = line.Quantity }));
        return CallAsync(CatalogGrpc.Reserve, request, through);
    }

    public Task<ReserveResponse> ReserveAsync(Guid orderId, params (Guid ProductId, int Quantity)[] lines) => ReserveAsync(orderId, null, 0, lines);

    public async Task<bool> CommitAsync(Guid orderId, GrpcChannel? through = null) =>
        (await CallAsync(CatalogGrpc.Commit, new CommitRequest { OrderId = orderId.ToString() }, through)).Committed;

    public Task ReleaseAsync(Guid orderId, GrpcChannel? through = null) =>
        CallAsync(CatalogGrpc.Release, new ReleaseRequest { OrderId = orderId.ToString() }, through);

    public Task<int> SweepAsync() => Service.Services.GetRequiredService<ReservationExpiry>().RunOnceAsync(CancellationToken.None);

    /// <summary>What of a product is on the shelf, held, and sold by the reservations that were committed.</summary>
    public async Task<(int Available, int Reserved, int Sold)> StockAsync(Guid productId)
    {
        await using var command = Database.CreateCommand(
            """
            select s.available, s.reserved, coalesce((
              select sum(l.quantity) from reservation_lines l join reservations r using (order_id) where l.product_id = s.product_id and r.state = 2), 0)::int
            from stock s where product_id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = productId });
        await using var row = await command.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync());
        return (row.GetInt32(0), row.GetInt32(1), row.GetInt32(2));
    }
}

/// <summary>The system's clock, put forward by a test.</summary>
public sealed class MovableClock : TimeProvider
{
    TimeSpan forward;

    public void Forward(TimeSpan by) => forward += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + forward;
}
