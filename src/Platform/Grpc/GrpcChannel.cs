using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Rosa.Contracts;

namespace Rosa.Platform.Grpc;

/// <summary>
/// A client of one server. It is safe for any number of callers at once and meant to be shared: calls travel side by side over one HTTP/2
/// connection, and over more when the server's limit of streams is reached. It connects at the first call and again after a loss.
/// Every failure is a <see cref="GrpcException"/>; metadata that the protocol forbids is an <see cref="ArgumentException"/>.
/// </summary>
public sealed class GrpcChannel : IDisposable
{
    readonly Uri address;
    readonly HttpMessageInvoker invoker;
    readonly ConcurrentDictionary<string, Uri> targets = new();

    /// <param name="address"><c>http://host:port</c>, where HTTP/2 is spoken from the first byte, or <c>https://</c>.</param>
    /// <param name="handler">What to send with in place of the usual handler. It becomes the channel's own.</param>
    public GrpcChannel(Uri address, HttpMessageHandler? handler = null)
    {
        this.address = address;
        invoker = new HttpMessageInvoker(handler ?? NewHandler());
    }

    /// <summary>Calls a method with one answer.</summary>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var call = new GrpcClientCall(options);
        await call.StartAsync(invoker, TargetOf(method.Path), request);
        var answer = await call.ReadAsync(method.ResponseParser)
            ?? throw new GrpcException(GrpcStatusCode.Internal, "The server answered OK without a message.");

        return await call.ReadAsync(method.ResponseParser) is null
            ? answer
            : throw new GrpcException(GrpcStatusCode.Internal, "The server sent more than one message.");
    }

    /// <summary>
    /// Calls a method with a stream of answers. The call begins with the enumeration; leaving the enumeration early cancels the call at the server.
    /// </summary>
    public IAsyncEnumerable<TResponse> ServerStreamingAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => StreamAsync(method, request, options);

    /// <summary>Closes the connections. Calls still under way fail.</summary>
    public void Dispose() => invoker.Dispose();

    // The token is the enumeration's (WithCancellation), beside the one in the options.
    async IAsyncEnumerable<TResponse> StreamAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcCallOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        using var either = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, options.CancellationToken)
            : null;
        using var call = new GrpcClientCall(either is null ? options : options with { CancellationToken = either.Token });
        await call.StartAsync(invoker, TargetOf(method.Path), request);
        while (await call.ReadAsync(method.ResponseParser) is { } message) yield return message;
    }

    Uri TargetOf(string path) => targets.TryGetValue(path, out var target) ? target : targets.GetOrAdd(path, new Uri(address, path));

    internal static SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = TimeSpan.FromSeconds(1),   // a deadline has room for another instance
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),

        // A peer that vanished without a word is noticed within 40 seconds, and only pinged while somebody waits for it.
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
    };
}
