using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rosa.Contracts;
using Rosa.Platform.Grpc;
using Rosa.Testing;

namespace Rosa.Platform.Tests.Grpc;

/// <summary>The methods of <c>tests/Testing/echo.proto</c>.</summary>
static class Echo
{
    public static readonly GrpcMethod<EchoMessage, EchoMessage> Say = SayOf("rosa.testing.Echo");

    public static readonly GrpcMethod<RepeatRequest, EchoMessage> Repeat = RepeatOf("rosa.testing.Echo");

    public static GrpcMethod<EchoMessage, EchoMessage> SayOf(string service) => new(service, "Say", EchoMessage.Parser, EchoMessage.Parser, SafeToRepeat: true);

    public static GrpcMethod<RepeatRequest, EchoMessage> RepeatOf(string service) =>
        new(service, "Repeat", RepeatRequest.Parser, EchoMessage.Parser, SafeToRepeat: true);
}

/// <summary>Our server on Kestrel with the handlers a test gives it, gRPC on one port and HTTP/1.1 on another.</summary>
sealed class EchoServer : IAsyncDisposable
{
    readonly WebApplication app;

    EchoServer(WebApplication app) => this.app = app;

    public bool IsReady { get; set; } = true;

    public int Port { get; private init; }

    public int Http1Port { get; private init; }

    public LogOfErrors Errors => app.Services.GetRequiredService<LogOfErrors>();

    public static async Task<EchoServer> StartAsync(
        Func<EchoMessage, GrpcCallContext, Task<EchoMessage>>? say = null,
        Func<RepeatRequest, GrpcStreamWriter<EchoMessage>, GrpcCallContext, Task>? repeat = null,
        Action<WebApplication>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var errors = new LogOfErrors();
        builder.Logging.ClearProviders().AddProvider(errors);
        builder.Services.AddSingleton(errors);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http2);
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listener => listener.Protocols = HttpProtocols.Http1);

            // So strict that a test fails when a gRPC call is held to them.
            kestrel.Limits.MaxRequestBodySize = 10;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1_000_000, gracePeriod: TimeSpan.FromSeconds(1.1));
        });

        var app = builder.Build();
        EchoServer? server = null;
        configure?.Invoke(app);
        app.MapGrpcUnary(Echo.Say, say ?? ((message, _) => Task.FromResult(message)));
        app.MapGrpcServerStreaming(Echo.Repeat, repeat ?? RepeatAsync);
        app.MapGrpcHealth(["rosa.testing.Echo"], () => server!.IsReady);
        app.MapGrpcFallback();
        app.MapGet("/plain", () => "plain");
        await app.StartAsync();

        var ports = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(a => new Uri(a).Port).ToArray();
        server = new EchoServer(app) { Port = ports[0], Http1Port = ports[1] };
        return server;
    }

    public GrpcChannel Connect() => new(new Uri($"http://127.0.0.1:{Port}"));

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    static async Task RepeatAsync(RepeatRequest request, GrpcStreamWriter<EchoMessage> writer, GrpcCallContext call)
    {
        for (var i = 0; i < request.Times; i++) await writer.WriteAsync(new EchoMessage { Text = $"{request.Text} {i}" }, call.CancellationToken);
    }
}

/// <summary>What the server logged as an error.</summary>
sealed class LogOfErrors : ILoggerProvider, ILogger
{
    readonly List<string> lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (lines) return [.. lines];
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;

        lock (lines) lines.Add($"{formatter(state, exception)} {exception}");
    }

    public void Dispose()
    {
    }
}
