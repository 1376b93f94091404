using System.Diagnostics;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rosa.Contracts;
using Rosa.Platform.Problems;

namespace Rosa.Platform.Grpc;

/// <summary>One call from its headers to its trailers.</summary>
static partial class GrpcServer
{
    public const string DeadlineText = "The deadline of the call has passed.";

    public static async Task HandleUnaryAsync<TRequest, TResponse>(
        HttpContext http, GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcCallContext, Task<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        if (!GrpcRequests.Accept(http)) return;

        using var call = new GrpcCallContext(http);
        Task<TResponse>? running = null;
        var reading = true;
        try
        {
            GrpcRequests.Prepare(http);
            call.StartDeadline();
            var request = await GrpcRequests.ReadOnlyMessageAsync(http.Request.BodyReader, method.RequestParser, call.CancellationToken);
            reading = false;

            running = handler(request, call);
            await call.WithinDeadlineAsync(running);
            var answer = await running;

            // No flush: headers, message and trailers leave together when the request ends.
            http.Response.ContentType = GrpcResponses.ContentType;
            GrpcFraming.Write(http.Response.BodyWriter, answer);
            GrpcResponses.SetTrailers(http, GrpcStatusCode.OK);
        }
        catch (Exception problem)
        {
            await FailAsync(call, problem, reading);
            await EndOfAsync(running);
        }
    }

    public static async Task HandleServerStreamingAsync<TRequest, TResponse>(
        HttpContext http, GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcStreamWriter<TResponse>, GrpcCallContext, Task> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        if (!GrpcRequests.Accept(http)) return;

        using var call = new GrpcCallContext(http);
        using var writer = new GrpcStreamWriter<TResponse>(http.Response, call);
        Task? running = null;
        var reading = true;
        try
        {
            GrpcRequests.Prepare(http);
            call.StartDeadline();
            var request = await GrpcRequests.ReadOnlyMessageAsync(http.Request.BodyReader, method.RequestParser, call.CancellationToken);
            reading = false;

            http.Response.ContentType = GrpcResponses.ContentType;
            running = handler(request, writer, call);
            await call.WithinDeadlineAsync(running);
            await writer.CloseAsync();
            GrpcResponses.SetTrailers(http, GrpcStatusCode.OK);
        }
        catch (Exception problem)
        {
            await writer.CloseAsync();
            await FailAsync(call, problem, reading);
            await EndOfAsync(running);
        }
    }

    static Task FailAsync(GrpcCallContext call, Exception problem, bool reading)
    {
        // Nobody is left to read a status. To Kestrel, a request that breaks off is an IOException.
        if (call.CallerIsGone || (reading && problem is IOException)) return Task.CompletedTask;

        var (status, message) = problem switch
        {
            _ when call.DeadlinePassed => (GrpcStatusCode.DeadlineExceeded, DeadlineText),
            GrpcException refusal => (refusal.Status, refusal.Message),
            _ when ProblemMiddleware.FromException(problem) is { Kind: ProblemKind.Unavailable } outage => (GrpcStatusCode.Unavailable, outage.Detail),   // such as its database
            _ => (GrpcStatusCode.Unknown, "The call failed."),
        };
        if (status == GrpcStatusCode.Unknown && problem is not GrpcException) Log.HandlerFailed(LoggerOf(call.HttpContext), problem, call.HttpContext.Request.Path);
        else if (status == GrpcStatusCode.Unavailable && problem is not GrpcException) Log.Outage(LoggerOf(call.HttpContext), call.HttpContext.Request.Path, problem.Message);

        Activity.Current?.SetTag("rpc.grpc.status_code", (int)status);
        return GrpcResponses.WriteStatusAsync(call.HttpContext, status, message);
    }

    // The caller has its status, and the handler may still run. Its HttpContext and its services live until it ends, so the request does too.
    static async Task EndOfAsync(Task? running)
    {
        if (running is not null) await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    static ILogger LoggerOf(HttpContext http) => http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(GrpcServer));

    static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The gRPC call {Path} failed.")]
        public static partial void HandlerFailed(ILogger logger, Exception problem, string path);

        [LoggerMessage(LogLevel.Warning, "The gRPC call {Path} ended as unavailable: {Reason}")]
        public static partial void Outage(ILogger logger, string path, string reason);
    }
}
