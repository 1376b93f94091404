using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rosa.Contracts;

namespace Rosa.Platform.Grpc;

/// <summary>gRPC methods as endpoints. They need HTTP/2; without TLS that is a listener with <c>HttpProtocols.Http2</c> alone.</summary>
public static class GrpcEndpoints
{
    /// <summary>
    /// Maps a method with one request and one answer. A handler refuses with <see cref="GrpcException"/>; any other exception is logged and
    /// reaches the caller as <see cref="GrpcStatusCode.Unknown"/> without its text.
    /// </summary>
    public static IEndpointConventionBuilder MapGrpcUnary<TRequest, TResponse>(
        this IEndpointRouteBuilder app, GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcCallContext, Task<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Map(app, method.Path, http => GrpcServer.HandleUnaryAsync(http, method, handler));

    /// <summary>Maps a method with one request and a stream of answers, which ends when the handler does.</summary>
    public static IEndpointConventionBuilder MapGrpcServerStreaming<TRequest, TResponse>(
        this IEndpointRouteBuilder app, GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcStreamWriter<TResponse>, GrpcCallContext, Task> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Map(app, method.Path, http => GrpcServer.HandleServerStreamingAsync(http, method, handler));

    /// <summary>
    /// Answers gRPC calls that no endpoint matches with <see cref="GrpcStatusCode.Unimplemented"/>. Other requests keep the framework's 404
    /// and 405, which is why this is middleware and not a fallback endpoint.
    /// </summary>
    /// <param name="app">
    /// The <see cref="WebApplication"/> itself: a route group has no middleware. One that calls <c>UseRouting</c> does so before this.
    /// </param>
    public static void MapGrpcFallback(this IEndpointRouteBuilder app)
    {
        if (app is not IApplicationBuilder pipeline) throw new ArgumentException("The gRPC fallback is mapped on the application.", nameof(app));

        pipeline.Use(next => http =>
            http.GetEndpoint() is not null || !GrpcResponses.IsGrpcRequest(http) ? next(http)
            : !GrpcRequests.Accept(http) ? Task.CompletedTask
            : GrpcResponses.WriteStatusAsync(http, GrpcStatusCode.Unimplemented, "There is no such method here."));
    }

    // All HTTP methods lead here, so that the refusals of a gRPC path are in one place: GrpcRequests.Accept.
    static IEndpointConventionBuilder Map(IEndpointRouteBuilder app, string path, RequestDelegate handle) =>
        app.Map(path, handle).WithDisplayName($"gRPC {path}");
}
