using System.Collections.Concurrent;
using Google.Protobuf;
using Rosa.Contracts;
using Rosa.Platform.Discovery;
using Rosa.Platform.Grpc;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;

namespace Rosa.Platform.Resilience;

/// <summary>
/// Calls another service over gRPC by its name: with this service's token, the correlation id, a deadline and the circuit
/// breaker; a call that is safe to repeat is tried again when the service was not reached.
/// </summary>
/// <remarks>Throws <see cref="GrpcException"/>, or Polly's <c>BrokenCircuitException</c> while the circuit is open.</remarks>
public sealed class ServiceGrpc(IServiceDirectory directory, IServiceTokenSource tokens, Dependencies dependencies) : IDisposable
{
    const int Attempts = 3;
    static readonly TimeSpan deadline = TimeSpan.FromSeconds(3);

    readonly ConcurrentDictionary<string, GrpcChannel> channels = new();

    public Task<TResponse> CallAsync<TRequest, TResponse>(
        string service, GrpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken, TimeSpan? timeout = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        dependencies.For(service).CallAsync(token => CallRepeatedlyAsync(service, method, request, timeout ?? deadline, token), cancellationToken);

    async Task<TResponse> CallRepeatedlyAsync<TRequest, TResponse>(
        string service, GrpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan timeout, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var options = new GrpcCallOptions(timeout, await MetadataAsync(cancellationToken), cancellationToken);
                return await Channel(service).UnaryAsync(method, request, options);
            }
            catch (GrpcException exception) when (exception.Status == GrpcStatusCode.Unavailable && method.SafeToRepeat && attempt < Attempts)
            {
                await Task.Delay(Random.Shared.Next(10, 50) * attempt, cancellationToken);
            }
        }
    }

    /// <summary>Reads a stream until it ends. No deadline and no repetition: the caller decides when to ask anew.</summary>
    public async IAsyncEnumerable<TResponse> StreamAsync<TRequest, TResponse>(
        string service, GrpcMethod<TRequest, TResponse> method, TRequest request,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var options = new GrpcCallOptions(null, await MetadataAsync(cancellationToken), cancellationToken);
        await foreach (var message in Channel(service).ServerStreamingAsync(method, request, options).WithCancellation(cancellationToken)) yield return message;
    }

    GrpcChannel Channel(string service)
    {
        var address = directory.Grpc(service);
        return channels.GetOrAdd(address.AbsoluteUri, _ => new GrpcChannel(address));
    }

    async ValueTask<IReadOnlyList<KeyValuePair<string, string>>> MetadataAsync(CancellationToken cancellationToken)
    {
        var authorization = new KeyValuePair<string, string>("authorization", "Bearer " + await ServiceTokenAsync(cancellationToken));
        return Correlation.Current is { } id ? [authorization, new(Correlation.Header.ToLowerInvariant(), id)] : [authorization];
    }

    async ValueTask<string> ServiceTokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await tokens.GetAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, "Users does not answer, and without its token no service can be called.");
        }
    }

    public void Dispose()
    {
        foreach (var channel in channels.Values) channel.Dispose();
    }
}
