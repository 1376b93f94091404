using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;
using Rosa.Cli.Load;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Grpc;

namespace Rosa.Cli.Bench.Figures;

/// <summary>The same question over gRPC and over REST, always answered from the database.</summary>
static class VerifyStock
{
    const int Callers = 32;

    public static readonly Figure Figure = new(
        "verify-stock", "Is it in stock: gRPC and REST",
        "32 callers in the bench's own process ask the catalog for one of 1,000 products: `VerifyStock` by Rosa's gRPC client, and `POST /api/products/check-stock` by `HttpClient`, so that "
        + "both clients are .NET's and cost what they cost (the load shares the cores). The CPU a call is the host's and PostgreSQL's without the client. Bare: the same callers running the statement themselves by Npgsql, one round trip each, "
        + "on as many connections as the catalog has.",
        MeasureAsync);

    static async Task<IReadOnlyList<Result>> MeasureAsync(BenchRun run)
    {
        var shop = await run.ShopAsync();
        var rosa = shop.Addresses;
        var products = (await ShopProducts.ReadAsync(rosa.Http("catalog"), BenchRun.Products, run.Cancelled)).Ids;

        run.Say($"verify-stock: gRPC, {Callers} callers");
        var grpc = await GrpcAsync(run, rosa, products);
        run.Say($"verify-stock: REST, {Callers} callers");
        var rest = await RestAsync(run, rosa, products);
        run.Say("verify-stock: Npgsql running the same statement");
        var bare = await BareAsync(run, shop.Databases.ConnectionString("catalog"), products);

        return [new Result("verify-stock",
            new("grpc_calls_per_s", grpc.Loop.PerSecond, Goal.Least(12_000)),
            new("grpc_p50_ms", grpc.Loop.Times.Milliseconds(0.5)),
            new("grpc_p99_ms", grpc.Loop.Times.Milliseconds(0.99)),
            new("grpc_cpu_us_per_call", grpc.CpuMicroseconds),
            new("rest_calls_per_s", rest.Loop.PerSecond),
            new("rest_p99_ms", rest.Loop.Times.Milliseconds(0.99)),
            new("rest_cpu_us_per_call", rest.CpuMicroseconds),
            new("ratio", grpc.Loop.PerSecond / rest.Loop.PerSecond, Goal.Least(1.7)),
            new("bare_calls_per_s", bare.PerSecond),
            new("of_bare", grpc.Loop.PerSecond / bare.PerSecond))];
    }

    static async Task<(LoopResult Loop, double CpuMicroseconds)> GrpcAsync(BenchRun run, RosaAddresses rosa, IReadOnlyList<Guid> products)
    {
        using var channel = new GrpcChannel(rosa.Grpc("catalog"));
        var ids = products.Select(id => id.ToString()).ToArray();
        return await MeasureAsync(run, rosa, async token =>
        {
            var request = new StockCheckRequest { ProductId = ids[Random.Shared.Next(ids.Length)], Quantity = 1 };
            var answer = await channel.UnaryAsync(CatalogGrpc.VerifyStock, request, new GrpcCallOptions(TimeSpan.FromSeconds(10), CancellationToken: token));
            if (!answer.Available) throw new BenchFailure("VerifyStock says that a product in plenty is not available.");
        });
    }

    static async Task<(LoopResult Loop, double CpuMicroseconds)> RestAsync(BenchRun run, RosaAddresses rosa, IReadOnlyList<Guid> products)
    {
        using var http = LoadClient.To(rosa.Http("catalog"), Callers);
        var bodies = products.Select(id => Encoding.UTF8.GetBytes($$"""{"items":[{"productId":"{{id}}","quantity":1}]}""")).ToArray();
        var json = new MediaTypeHeaderValue("application/json");
        return await MeasureAsync(run, rosa, async token =>
        {
            using var content = new ByteArrayContent(bodies[Random.Shared.Next(bodies.Length)]) { Headers = { ContentType = json } };
            using var answer = await http.PostAsync("/api/products/check-stock", content, token);
            await LoadClient.MustBeAsync(answer, HttpStatusCode.OK, token);
            if (!AllAvailable(await answer.Content.ReadAsByteArrayAsync(token))) throw new BenchFailure("check-stock says that a product in plenty is not available.");
        });
    }

    // What a client of this answer cannot do without.
    static bool AllAvailable(byte[] body)
    {
        var json = new Utf8JsonReader(body);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("allAvailable"u8)) return json.Read() && json.GetBoolean();
        }
        return false;
    }

    static async Task<LoopResult> BareAsync(BenchRun run, string connectionString, IReadOnlyList<Guid> products)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        return await LoopAsync(run, cpu: null, async token =>
        {
            await using var command = source.CreateCommand("select available from stock where product_id = $1 and for_sale");
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = products[Random.Shared.Next(products.Count)] });
            if (await command.ExecuteScalarAsync(token) is not int) throw new BenchFailure("The stock of a product is not there.");
        });
    }

    static async Task<(LoopResult, double)> MeasureAsync(BenchRun run, RosaAddresses rosa, Func<CancellationToken, Task> call)
    {
        var cpu = CpuMeter.Of(rosa);
        var loop = await LoopAsync(run, cpu, call);
        return (loop, (cpu?.Seconds ?? 0) * 1e6 / loop.Times.Count);
    }

    static Task<LoopResult> LoopAsync(BenchRun run, CpuMeter? cpu, Func<CancellationToken, Task> call) =>
        ClosedLoop.RunAsync(Callers, run.Times.WarmUp, run.Times.Read, async (_, token) =>
        {
            var start = Stopwatch.GetTimestamp();
            await call(token);
            return Stopwatch.GetElapsedTime(start);
        }, run.Cancelled, cpu);
}
