using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Rosa.Platform.Hosting;
using Rosa.Testing;

namespace Rosa.Payments;

/// <summary>The service on its own database, and the provider's books beside it.</summary>
public sealed class PaymentsUnderTest : IAsyncDisposable
{
    static readonly Service service = new("payments", Port: 0, PaymentsService.AddPayments, PaymentsService.MapPayments, Calls: []);

    PaymentsUnderTest(TestService running)
    {
        Service = running;
        Orders = running.Client(TestTokens.Shared.Service("orders"));
    }

    public TestService Service { get; }

    /// <summary>Calls as the service Orders does.</summary>
    public HttpClient Orders { get; }

    /// <summary>Quick times, so that nothing waits long: 2.5 s for <c>tok_slow</c>, given up after 4 s.</summary>
    public static async Task<PaymentsUnderTest> StartAsync(
        string? connectionString = null, Action<IServiceCollection>? configure = null, params (string Name, string Value)[] settings)
    {
        var configured = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Error",
            ["Payments:AskAgainAfter"] = "00:00:00.1",
            ["Payments:AnswerWithin"] = "00:00:01.5",
            ["Payments:ProviderTimeout"] = "00:00:01",
            ["Payments:GiveUpAfter"] = "00:00:04",
            ["Payments:ResolveEvery"] = "00:00:00.1",
            ["Payments:TestProviderSlowness"] = "00:00:02.5",
        };
        foreach (var (name, value) in settings) configured["Payments:" + name] = value;
        return new PaymentsUnderTest(await TestService.StartAsync(service, configured, connectionString, configure));
    }

    public Task<HttpResponseMessage> PayAsync(Guid orderId, string token = "tok_visa", decimal amount = 25.50m, string? key = null, string currency = "EUR") =>
        PostAsync("/api/payments", new { orderId, amount, currency, method = "card", cardToken = token }, key ?? orderId.ToString());

    public Task<HttpResponseMessage> RefundAsync(Guid transactionId, decimal amount, string? key, string reason = "returned") =>
        PostAsync($"/api/payments/{transactionId}/refunds", new { amount, reason }, key);

    public async Task<JsonElement> VoidAsync(Guid orderId)
    {
        var response = await Orders.PostAsync($"/internal/payments/{orderId}/void", null);
        Assert.Equal(200, (int)response.StatusCode);
        return await JsonAsync(response);
    }

    public async Task<Guid> CapturedAsync(decimal amount)
    {
        var response = await PayAsync(Guid.CreateVersion7(), amount: amount);
        Assert.Equal(201, (int)response.StatusCode);
        return (await JsonAsync(response)).GetProperty("transactionId").GetGuid();
    }

    /// <summary>The payment of an order as the list shows it.</summary>
    public async Task<JsonElement> PaymentOfAsync(Guid orderId)
    {
        var list = await Orders.GetFromJsonAsync<JsonElement>($"/api/payments?orderId={orderId}");
        return Assert.Single(list.GetProperty("payments").EnumerateArray());
    }

    public async Task<string> StatusOfAsync(Guid orderId) => (await PaymentOfAsync(orderId)).GetProperty("status").GetString()!;

    /// <summary>Waits until the order has a payment.</summary>
    public async Task BegunAsync(Guid orderId)
    {
        for (var i = 0; i < 1_500; i++)
        {
            if (await CountAsync("select count(*) from payments where order_id = $1", orderId) > 0) return;
            await Task.Delay(20);
        }
        throw new TimeoutException($"There is no payment of {orderId}.");
    }

    /// <summary>Waits until the order's payment is no longer PENDING.</summary>
    public async Task<string> OutcomeOfAsync(Guid orderId)
    {
        for (var i = 0; i < 1_500; i++)
        {
            var status = await StatusOfAsync(orderId);
            if (status != "PENDING") return status;
            await Task.Delay(50);
        }
        throw new TimeoutException($"The payment of {orderId} stays PENDING.");
    }

    /// <summary>How often the provider really took money for an order.</summary>
    public Task<long> ChargesOfAsync(Guid orderId) =>
        CountAsync("select count(*) from test_provider_ledger where reference = $1 and state = 'CAPTURED'", orderId.ToString());

    public Task<long> EventsAsync(string routingKey, Guid orderId) =>
        CountAsync("select count(*) from told where routing_key = $1 and subject = $2", routingKey, orderId.ToString());

    /// <summary>Keeps every event that is told, also after the relay took it.</summary>
    public async Task KeepEventsAsync()
    {
        await using var connection = new NpgsqlConnection(Service.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            create table told as select * from outbox;
            create function keep_told() returns trigger language plpgsql as $$ begin insert into told select new.*; return new; end $$;
            create trigger keep_told after insert on outbox for each row execute function keep_told();
            """, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountAsync(string sql, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(Service.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public static Task<JsonElement> JsonAsync(HttpResponseMessage response) => response.Content.ReadFromJsonAsync<JsonElement>();

    public static async Task<string?> CodeAsync(HttpResponseMessage response) => (await JsonAsync(response)).GetProperty("code").GetString();

    async Task<HttpResponseMessage> PostAsync(string path, object body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await Orders.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Orders.Dispose();
        await Service.DisposeAsync();
    }
}

/// <summary>One running service for the tests of a class.</summary>
public sealed class PaymentsFixture : IAsyncLifetime
{
    public PaymentsUnderTest Payments { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Payments = await PaymentsUnderTest.StartAsync();
        await Payments.KeepEventsAsync();
    }

    public ValueTask DisposeAsync() => Payments.DisposeAsync();
}
