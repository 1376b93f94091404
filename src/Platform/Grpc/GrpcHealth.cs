using Google.Protobuf;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rosa.Contracts;
using Rosa.Contracts.Health;
using Rosa.Platform.Identity;
using ServingStatus = Rosa.Contracts.Health.HealthCheckResponse.Types.ServingStatus;

namespace Rosa.Platform.Grpc;

/// <summary>The standard health service, <c>grpc.health.v1.Health</c> (grpc/doc/health-checking.md).</summary>
public static class GrpcHealth
{
    const string Service = "grpc.health.v1.Health";

    public static readonly GrpcMethod<HealthCheckRequest, HealthCheckResponse> Check =
        new(Service, "Check", HealthCheckRequest.Parser, HealthCheckResponse.Parser, SafeToRepeat: true);

    public static readonly GrpcMethod<HealthCheckRequest, HealthCheckResponse> Watch =
        new(Service, "Watch", HealthCheckRequest.Parser, HealthCheckResponse.Parser, SafeToRepeat: true);

    static readonly TimeSpan watchInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Maps Check and Watch. The empty name is the whole server, and all names share its state. Watch looks once a second, sends what has
    /// changed, and ends with <see cref="GrpcStatusCode.Unavailable"/> when the server stops.
    /// </summary>
    public static void MapGrpcHealth(this IEndpointRouteBuilder app, IReadOnlyList<string> serviceNames, Func<bool> isReady)
    {
        var stopping = app.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var known = new HashSet<string>(serviceNames) { "" };

        ServingStatus StatusOf(string service) => !known.Contains(service) ? ServingStatus.ServiceUnknown
            : isReady() && !stopping.IsCancellationRequested ? ServingStatus.Serving
            : ServingStatus.NotServing;

        app.MapGrpcUnary(Check, (request, _) => StatusOf(request.Service) switch
        {
            ServingStatus.ServiceUnknown => throw new GrpcException(GrpcStatusCode.NotFound, "There is no such service here."),
            var status => Task.FromResult(new HealthCheckResponse { Status = status }),
        }).For(Access.Anyone);

        app.MapGrpcServerStreaming(Watch, async (request, writer, call) =>
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, stopping);
            ServingStatus? sent = null;
            while (true)
            {
                var status = StatusOf(request.Service);
                if (status != sent) await writer.WriteAsync(new HealthCheckResponse { Status = status }, call.CancellationToken);
                sent = status;
                if (stopping.IsCancellationRequested) throw new GrpcException(GrpcStatusCode.Unavailable, "The server is stopping.");

                await Task.Delay(watchInterval, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                call.CancellationToken.ThrowIfCancellationRequested();
            }
        }).For(Access.Anyone);
    }
}
