using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;

namespace Rosa.EndToEnd.Tests.BadInput;

public sealed class BadInputTests(ITestOutputHelper output)
{
    const int AtOnce = 4;

    /// <summary>What an operation adds a row to, and where.</summary>
    static readonly (string OperationId, string Database, string Table)[] creates =
    [
        ("CreateProduct", "catalog", "products"), ("CreateCategory", "catalog", "categories"), ("CreatePromotion", "promotions", "promotions"),
        ("PlaceOrder", "orders", "order_views where document->>'paymentStatus' <> 'DECLINED'"), ("Register", "users", "users"),
    ];

    [Fact]
    public async Task Bad_input_on_any_route_is_refused_without_a_failure_a_leak_or_a_trace()
    {
        await using var shop = await RunningShop.StartAsync(demo: false, ("Users__KeySecret", Things.KeySecret));
        var things = await Things.PutIntoAsync(shop);
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { Timeout = TimeSpan.FromSeconds(30) };
        var operations = ApiOperation.AllOf(JsonNode.Parse(await http.GetStringAsync(new Uri(shop.Gateway, "/openapi/v1.json")))!.AsObject());
        var before = await CountAsync(shop);

        var calls = new BadCalls(things, shop.EmployeeToken);
        var faults = new ConcurrentQueue<string>();
        var made = new ConcurrentDictionary<string, int>();
        var count = 0;
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(operations, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (operation, cancellationToken) =>
        {
            foreach (var call in calls.Of(operation))
            {
                Interlocked.Increment(ref count);
                var (fault, status) = await TryAsync(http, shop.Gateway, call, cancellationToken);
                if (fault is not null) faults.Enqueue(fault);
                if (status == 201) made.AddOrUpdate(operation.Id, 1, (_, so) => so + 1);
            }
        });
        output.WriteLine($"{operations.Count} routes × {count / operations.Count} cases = {count} calls in {watch.Elapsed.TotalSeconds:0} s");

        Assert.True(faults.IsEmpty, $"{faults.Count} of {count} calls:\n{string.Join('\n', faults.Order().Take(2000))}\n{shop.LastWords}");
        var after = await CountAsync(shop);
        foreach (var (operationId, _, table) in creates) Assert.Equal((table, before[table] + made.GetValueOrDefault(operationId)), (table, after[table]));
        Assert.True(operations.Count > 60, $"Only {operations.Count} operations are described.");
    }

    static async Task<(string? Fault, int Status)> TryAsync(HttpClient http, Uri gateway, BadCall call, CancellationToken cancellationToken)
    {
        using var request = call.Request(gateway);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var body = call.Method == HttpMethod.Head ? "" : await response.Content.ReadAsStringAsync(cancellationToken);
            var status = (int)response.StatusCode;
            var fault = Refusals.Fault(call, status, response.Content.Headers.ContentType?.MediaType, body);
            return (fault is null ? null : $"{call} → {status}, {fault}: {(body.Length > 300 ? body[..300] : body)}", status);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return ($"{call} → no answer: {exception.Message}", 0);
        }
    }

    static async Task<Dictionary<string, long>> CountAsync(RunningShop shop)
    {
        var counts = new Dictionary<string, long>();
        foreach (var (_, database, table) in creates)
        {
            await using var connection = await shop.ReadAsync(database);
            await using var command = new NpgsqlCommand($"select count(*) from {table}", connection);
            counts[table] = (long)(await command.ExecuteScalarAsync())!;
        }
        return counts;
    }
}
