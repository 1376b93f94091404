using System.Net.Http.Json;
using System.Text.Json;
using Google.Protobuf;
using Npgsql;
using Rosa.Contracts;
using Rosa.Contracts.Promotions;
using Rosa.Platform.Grpc;
using Rosa.Platform.Hosting;
using Rosa.Testing;

namespace Rosa.Promotions;

/// <summary>One running service on its own database for the tests of a class.</summary>
public sealed class PromotionsUnderTest : IAsyncLifetime
{
    static readonly Service service = new("promotions", Port: 0, PromotionsService.AddPromotions, PromotionsService.MapPromotions, Calls: [], GrpcPort: 0);
    static readonly DateTimeOffset yesterday = DateTimeOffset.UtcNow.AddDays(-1), tomorrow = DateTimeOffset.UtcNow.AddDays(1);
    static int codes;

    GrpcChannel channel = null!;

    public TestService Service { get; private set; } = null!;
    public HttpClient Employee { get; private set; } = null!;
    public HttpClient Guest { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Service = await TestService.StartAsync(service, [new("Logging:LogLevel:Default", "Error")]);
        Employee = Service.Client(TestTokens.Shared.Employee());
        Guest = Service.Client();
        channel = Service.Channel();
    }

    /// <summary>A second instance on the same database.</summary>
    public async Task<PromotionsUnderTest> SecondInstanceAsync()
    {
        var started = await TestService.StartAsync(service, [new("Logging:LogLevel:Default", "Error")], Service.ConnectionString);
        return new PromotionsUnderTest { Service = started, Employee = started.Client(TestTokens.Shared.Employee()), Guest = started.Client(), channel = started.Channel() };
    }

    public Task<HttpResponseMessage> CreateAsync(object terms) => Employee.PostAsJsonAsync("/api/promotions", terms);

    /// <summary>Creates a code that is valid now, and returns it.</summary>
    public async Task<string> CodeAsync(
        decimal? percentage = null, decimal? amount = null, int? maxUses = null, int? maxUsesPerUser = null, decimal? minCartTotal = null,
        string? category = null, bool? automatic = null, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        var code = $"CODE{Interlocked.Increment(ref codes)}";
        var response = await CreateAsync(new
        {
            code,
            discountPercentage = percentage ?? (amount is null ? 10m : null),
            discountAmount = amount,
            validFrom = from ?? yesterday,
            validUntil = until ?? tomorrow,
            maxUses,
            maxUsesPerUser,
            minCartTotal,
            category,
            automatic,
        });
        Assert.Equal(201, (int)response.StatusCode);
        return code;
    }

    public async Task<JsonElement> ValidateAsync(string promoCode, decimal cartTotal, object? items = null, Guid? userId = null, HttpClient? by = null)
    {
        var response = await (by ?? Guest).PostAsJsonAsync("/api/promotions/validate", new { promoCode, cartTotal, items, userId });
        Assert.Equal(200, (int)response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public Task<PromotionAnswer> RedeemAsync(string code, Guid orderId, Guid? userId = null, long cents = 10_000) => CallAsync(PromotionsGrpc.Redeem, new RedeemRequest
    {
        Code = code,
        OrderId = orderId.ToString(),
        UserId = (userId ?? Guid.CreateVersion7()).ToString(),
        CartTotalCents = cents,
    });

    public Task ReleaseAsync(Guid orderId) => CallAsync(PromotionsGrpc.Release, new ReleaseRedemptionRequest { OrderId = orderId.ToString() });

    public Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest> where TResponse : class, IMessage<TResponse> =>
        channel.UnaryAsync(method, request, new GrpcCallOptions(TimeSpan.FromSeconds(20), TestService.ServiceMetadata));

    public async Task<int> UsageAsync(string code) => (await Guest.GetFromJsonAsync<JsonElement>($"/api/promotions/{code}")).GetProperty("usageCount").GetInt32();

    public async Task<long> CountAsync(string sql, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(Service.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        Employee.Dispose();
        Guest.Dispose();
        await Service.DisposeAsync();
    }
}
