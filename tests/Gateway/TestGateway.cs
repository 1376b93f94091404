using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;
using Rosa.Testing;

namespace Rosa.Gateway.Tests;

/// <summary>A gateway on a free port, without a limit unless the test sets one, in front of servers that stand in for the services.</summary>
static class TestGateway
{
    public static Task<TestService> StartAsync(
        IReadOnlyDictionary<string, TestUpstream> services, TimeProvider? clock = null, params (string Name, string? Value)[] settings)
    {
        var configured = new Dictionary<string, string?> { ["Gateway:RateLimitPerMinute"] = "0", ["Gateway:RequestLog"] = "false" };
        foreach (var (name, upstream) in services) configured[$"Services:{name}:Http"] = upstream.Address.AbsoluteUri;
        foreach (var (name, value) in settings) configured[name] = value;
        return TestService.StartAsync(
            new Service("gateway", Port: 0, GatewayService.AddGateway, GatewayService.MapGateway, Calls: []),
            configured, connectionString: "", container =>
            {
                if (clock is not null) container.Replace(ServiceDescriptor.Singleton(clock));
            });
    }

    public static Task<TestService> StartAsync(string service, TestUpstream upstream, TimeProvider? clock = null, params (string Name, string? Value)[] settings) =>
        StartAsync(new Dictionary<string, TestUpstream> { [service] = upstream }, clock, settings);
}

/// <summary>A small server in the place of a service.</summary>
sealed class TestUpstream : IAsyncDisposable
{
    readonly WebApplication app;
    int requests;

    TestUpstream(WebApplication app) => this.app = app;

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>How many requests have arrived.</summary>
    public int Requests => Volatile.Read(ref requests);

    public static async Task<TestUpstream> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var upstream = new TestUpstream(app);
        app.Run(context =>
        {
            if (context.Request.Path == DeletedUsers.Route) return Task.CompletedTask;   // every service asks this all the time
            Interlocked.Increment(ref upstream.requests);
            return answer(context);
        });
        await app.StartAsync();
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }
}

/// <summary>Time that passes when the test says so.</summary>
sealed class TestClock : TimeProvider
{
    long ticks = DateTimeOffset.UtcNow.UtcTicks;   // tokens of tests are of today

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
