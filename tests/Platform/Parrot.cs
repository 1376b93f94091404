using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Discovery;
using Rosa.Platform.Grpc;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;
using Rosa.Platform.Tests.Grpc;
using Rosa.Testing;

namespace Rosa.Platform.Tests;

/// <summary>A small service with several instances, of which each can say who it is, be slow, and break off.</summary>
sealed class Parrot : IAsyncDisposable
{
    TestService? running;

    public string Name { get; } = Guid.NewGuid().ToString("n")[..8];

    /// <summary>What happens before an answer.</summary>
    public Func<HttpContext, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>The bodies that were posted here, in the order they came.</summary>
    public ConcurrentQueue<string> Heard { get; } = [];

    public TestService Service => running!;

    public InstanceAddress Address => new(running!.HttpAddress, running.GrpcAddress);

    public static async Task<Parrot> StartAsync(params (string Name, string? Value)[] settings)
    {
        var parrot = new Parrot();
        parrot.running = await TestService.StartAsync(
            new Service("parrot", Port: 0, _ => { }, parrot.Map, Calls: [], GrpcPort: 0),
            settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)), connectionString: "");
        return parrot;
    }

    void Map(WebApplication app)
    {
        app.MapGet("/who", (RequestDelegate)WhoAsync).For(Access.Anyone);
        app.MapPost("/buy", (RequestDelegate)BuyAsync).For(Access.Anyone);
        app.MapGrpcUnary(Echo.Say, async (message, call) =>
        {
            Heard.Enqueue(message.Text);
            await Before(new DefaultHttpContext());
            return new Rosa.Testing.EchoMessage { Text = Name };
        }).For(Access.Anyone);
        app.MapGrpcServerStreaming(Echo.Repeat, async (request, writer, call) =>
        {
            for (var i = 0; i < request.Times; i++)
            {
                await writer.WriteAsync(new Rosa.Testing.EchoMessage { Text = Name }, call.CancellationToken);
                await Task.Delay(20, call.CancellationToken);
            }
        }).For(Access.Anyone);
    }

    async Task WhoAsync(HttpContext context)
    {
        await Before(context);
        await context.Response.WriteAsync(Name);
    }

    async Task BuyAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Heard.Enqueue(await reader.ReadToEndAsync());
        await Before(context);
        await context.Response.WriteAsync(Name);
    }

    public async ValueTask DisposeAsync()
    {
        if (running is not null) await running.DisposeAsync();
    }
}
