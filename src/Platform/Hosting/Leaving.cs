using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rosa.Platform.Discovery;

namespace Rosa.Platform.Hosting;

/// <summary>
/// An instance leaves so that nobody who calls it notices:
/// <list type="number">
/// <item>it is not ready any more, and out of the registry;</item>
/// <item>for <c>Hosting:LeaveAfter</c> it still answers everything, while callers and load balancers learn of it; each answer over HTTP/1.1 is the last of its connection;</item>
/// <item>it takes no more requests and finishes those under way;</item>
/// <item>consumers and background work end, then the process.</item>
/// </list>
/// This is the first two; the host's own stop is the rest, within 20 seconds.
/// </summary>
sealed partial class Leaving(Readiness readiness, IConfiguration configuration, ILogger<Leaving> logger, OwnRegistration? registration = null) : IHostedLifecycleService
{
    volatile bool begun;

    /// <summary>Zero in one process, where nobody is left to notice; some seconds when there are others.</summary>
    public static TimeSpan After(IConfiguration configuration)
    {
        var after = configuration.GetValue("Hosting:LeaveAfter", TimeSpan.Zero);
        return after >= TimeSpan.Zero && after <= TimeSpan.FromMinutes(5) ? after : throw new InvalidOperationException("Hosting:LeaveAfter is a time of up to five minutes.");
    }

    public bool HasBegun => begun;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var after = After(configuration);
        begun = true;
        readiness.Stopping();
        if (registration is not null) await registration.LeaveAsync();
        if (after == TimeSpan.Zero) return;
        Log.Leaves(logger, after);
        await Task.Delay(after, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    static partial class Log
    {
        [LoggerMessage(90, LogLevel.Information, "Leaving: requests are still answered for {After}")]
        public static partial void Leaves(ILogger logger, TimeSpan after);
    }
}

static class LeavingMiddleware
{
    /// <summary>Asks callers not to come again over their connection. Over HTTP/2 the server says so itself when it stops (GOAWAY).</summary>
    public static void UseLeaving(this WebApplication app)
    {
        var leaving = app.Services.GetRequiredService<Leaving>();
        app.Use((context, next) =>
        {
            if (leaving.HasBegun && HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.Headers.Connection = "close";
            return next(context);
        });
    }
}
