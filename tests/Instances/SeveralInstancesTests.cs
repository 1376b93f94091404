using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Catalog;
using Rosa.Contracts;
using Rosa.Contracts.Catalog;
using Rosa.Gateway;
using Rosa.Platform.Discovery;
using Rosa.Platform.Hosting;
using Rosa.Platform.Resilience;
using Rosa.Testing;
using Rosa.Users;

namespace Rosa.Instances.Tests;

/// <summary>Two instances of the catalog, each a process, behind a gateway that also calls them over gRPC, all under load while one of them goes.</summary>
public sealed class SeveralInstancesTests(ITestOutputHelper output) : IAsyncLifetime
{
    readonly List<CatalogProcess> instances = [];
    TestRedis redis = null!;
    TestService users = null!;
    TestService? gateway;
    Dictionary<string, string> settings = null!;

    public async ValueTask InitializeAsync()
    {
        redis = await TestRedis.StartAsync();
        users = await TestService.StartAsync(
            new Service("users", Port: 0, UsersService.AddUsers, UsersService.MapUsers, Calls: []),
            new Dictionary<string, string?> { ["Identity:ServiceSecrets:gateway"] = "the gateway's secret", ["Identity:ServiceSecrets:catalog"] = "the catalog's secret" }, ownTokens: true);
        settings = new()
        {
            ["Database__ConnectionString"] = await TestPostgres.CreateDatabaseAsync("catalog"),
            ["Redis__Address"] = redis.Address,
            ["Services__users__Http"] = users.HttpAddress.AbsoluteUri,
            ["Identity__ServiceSecret"] = "the catalog's secret",
            ["Catalog__Images__Folder"] = Path.GetTempPath(),
            ["Hosting__LeaveAfter"] = "00:00:02",
            ["Logging__LogLevel__Default"] = "Warning",
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (gateway is not null) await gateway.DisposeAsync();
        foreach (var instance in instances) await instance.DisposeAsync();
        await users.DisposeAsync();
        await redis.DisposeAsync();
    }

    async Task StartAsync(string source)
    {
        settings["Discovery__Source"] = source;
        await StartAnotherAsync();   // migrates
        await StartAnotherAsync();
        gateway = await TestService.StartAsync(
            new Service("gateway", Port: 0, GatewayService.AddGateway, GatewayService.MapGateway, Calls: ["users", "catalog"]),
            new Dictionary<string, string?>
            {
                ["Gateway:RateLimitPerMinute"] = "0",
                ["Gateway:RequestLog"] = "false",
                ["Discovery:Source"] = source,
                ["Redis:Address"] = redis.Address,
                ["Identity:ServiceSecret"] = "the gateway's secret",
                ["Services:users:Http"] = users.HttpAddress.AbsoluteUri,
                ["Services:catalog:Http"] = source == "redis" ? "" : string.Join(' ', instances.Select(instance => instance.Http)),
                ["Services:catalog:Grpc"] = source == "redis" ? "" : string.Join(' ', instances.Select(instance => instance.Grpc)),
            }, connectionString: "", ownTokens: true);
        await UntilAsync(() => Catalog.Instances.Count == 2, "both are known");
    }

    async Task<CatalogProcess> StartAnotherAsync()
    {
        var instance = await CatalogProcess.StartAsync(settings);
        instances.Add(instance);
        return instance;
    }

    InstancePool Catalog => gateway!.Services.GetRequiredService<ServiceDirectory>().For("catalog");

    static async Task UntilAsync(Func<bool> holds, string what)
    {
        for (var waited = Stopwatch.StartNew(); !holds(); await Task.Delay(10)) Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30), $"never: {what}");
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("configuration")]
    public async Task An_instance_that_is_told_to_leave_costs_no_request(string source)
    {
        await StartAsync(source);
        await using var load = Load.Start(gateway!);
        await load.ForAsync(200);
        Assert.Equal(0, await instances[0].LeaveAsync());
        await load.ForAsync(200);
        Assert.Empty(await load.EndAsync());
        output.WriteLine($"{load.Answered} requests");
    }

    [Fact]
    public async Task All_instances_are_replaced_one_after_the_other_and_no_request_is_lost()
    {
        await StartAsync("redis");
        await using var load = Load.Start(gateway!);
        foreach (var old in instances.ToList())
        {
            await StartAnotherAsync();
            await UntilAsync(() => Catalog.Instances.Count == 3, "the new one is known");
            await load.ForAsync(100);
            Assert.Equal(0, await old.LeaveAsync());
            await UntilAsync(() => Catalog.Instances.Count == 2, "the old one is gone");
        }
        await load.ForAsync(100);
        Assert.Empty(await load.EndAsync());
        output.WriteLine($"{load.Answered} requests");
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("configuration")]
    public async Task An_instance_that_is_killed_costs_no_request_that_is_safe_to_repeat(string source)
    {
        await StartAsync(source);
        await using var load = Load.Start(gateway!);
        await load.ForAsync(200);
        instances[0].Kill();
        await load.ForAsync(800);
        Assert.Empty(await load.EndAsync());
    }

    [Fact]
    public async Task With_Redis_gone_too_the_other_instance_answers_everything()
    {
        await StartAsync("redis");
        redis.Kill();
        await using var load = Load.Start(gateway!);
        await load.ForAsync(200);
        instances[1].Kill();
        await load.ForAsync(400);
        Assert.Empty(await load.EndAsync());
    }
}

/// <summary>Eight clients that read, ask by POST, and call over gRPC as fast as they are answered. Nothing of it comes from the gateway's cache, and all of it may be asked twice.</summary>
sealed class Load : IAsyncDisposable
{
    readonly CancellationTokenSource end = new();
    readonly ConcurrentBag<string> failures = [];
    readonly HttpClient http;
    readonly ServiceGrpc grpc;
    readonly Task running;
    long answered;

    Load(TestService gateway)
    {
        http = gateway.Client();
        grpc = gateway.Services.GetRequiredService<ServiceGrpc>();
        running = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(RunAsync)));
    }

    public static Load Start(TestService gateway) => new(gateway);

    public long Answered => Interlocked.Read(ref answered);

    /// <summary>Until so many more requests are answered.</summary>
    public async Task ForAsync(int requests)
    {
        for (var (until, waited) = (Answered + requests, Stopwatch.StartNew()); Answered < until; await Task.Delay(10))
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30), $"{Answered} are answered; {string.Join(", ", failures.Take(5))}");
    }

    /// <summary>What failed.</summary>
    public async Task<IReadOnlyCollection<string>> EndAsync()
    {
        await end.CancelAsync();
        await running;
        return failures;
    }

    async Task RunAsync()
    {
        while (!end.IsCancellationRequested)
        {
            var product = Guid.CreateVersion7();
            await TryAsync("GET", async () =>
            {
                using var answer = await http.GetAsync($"/api/products/{product}");
                return answer.StatusCode == HttpStatusCode.NotFound ? null : $"{(int)answer.StatusCode}";
            });
            await TryAsync("POST", async () =>
            {
                using var answer = await http.PostAsJsonAsync("/api/products/check-stock", new { items = new[] { new { productId = product, quantity = 1 } } });
                return answer.StatusCode == HttpStatusCode.OK ? null : $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
            });
            await TryAsync("gRPC", async () =>
            {
                await grpc.CallAsync("catalog", CatalogGrpc.GetProducts, new GetProductsRequest { ProductIds = { product.ToString() } }, CancellationToken.None);
                return null;
            });
        }
    }

    async Task TryAsync(string kind, Func<Task<string?>> call)
    {
        try
        {
            if (await call() is { } wrong) failures.Add($"{kind}: {wrong}");
        }
        catch (Exception exception)
        {
            failures.Add($"{kind}: {exception.Message}");
        }
        Interlocked.Increment(ref answered);
    }

    public async ValueTask DisposeAsync()
    {
        if (!end.IsCancellationRequested) await EndAsync();
        http.Dispose();
        end.Dispose();
    }
}
