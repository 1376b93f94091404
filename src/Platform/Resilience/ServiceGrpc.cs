using System.Runtime.CompilerServices;
using Google.Protobuf;
using Rosa.Contracts;
using Rosa.Platform.Discovery;
using Rosa.Platform.Grpc;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;

namespace Rosa.Platform.Resilience;

/// <summary>
/// Calls another service over gRPC by its name: an instance of it, with this service's token, the correlation id, a deadline and the circuit
/// breaker. Another instance is tried when the first was not reached, or, for a call that is safe to repeat, broke off or takes too long.
/// </summary>
/// <remarks>Throws <see cref="GrpcException"/>, or Polly's <c>BrokenCircuitException</c> while the circuit is open.</remarks>
public sealed class ServiceGrpc(ServiceDirectory directory, IServiceTokenSource tokens, Dependencies dependencies) : IDisposable
{
    const int Attempts = 3;
    static readonly TimeSpan deadline = TimeSpan.FromSeconds(3), patience = TimeSpan.FromSeconds(1);

    readonly ConditionalWeakTable<Instance, GrpcChannel> channels = [];   // a channel goes with its instance

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
        var metadata = await MetadataAsync(cancellationToken);
        var pool = directory.For(service);
        var began = Environment.TickCount64;
        var before = new AskedInVain();
        for (var attempt = 1; ; attempt++)
        {
            var instance = Pick(pool, before);
            var left = timeout - TimeSpan.FromMilliseconds(Environment.TickCount64 - began);
            var here = method.SafeToRepeat && attempt < Attempts ? pool.WaitFor(instance, before, patience) : Timeout.InfiniteTimeSpan;
            var isImpatient = here != Timeout.InfiniteTimeSpan && here < left;
            try
            {
                if (before.Contains(instance)) await Task.Delay(Random.Shared.Next(10, 50) * attempt, cancellationToken);
                var answer = await Channel(instance).UnaryAsync(method, request, new GrpcCallOptions(isImpatient ? here : left, metadata, cancellationToken));
                instance.Answered();
                pool.Answered();
                return answer;
            }
            catch (GrpcException exception)
            {
                var wasSent = Judge(instance, exception, cancellationToken);
                if (exception.Status == GrpcStatusCode.DeadlineExceeded && isImpatient)
                {
                    pool.LostPatience();
                    before.AddSlow(instance);
                }
                else if (exception.Status == GrpcStatusCode.Unavailable && attempt < Attempts && (!wasSent || method.SafeToRepeat))
                {
                    before.AddBroken(instance);
                }
                else
                {
                    throw;
                }
            }
            finally
            {
                instance.Done();
            }
        }
    }

    /// <summary>What the failure says of the instance. Returns whether the call may have reached it.</summary>
    static bool Judge(Instance instance, GrpcException exception, CancellationToken cancellationToken)
    {
        var wasSent = exception.InnerException is not { } cause || !NotReached.Is(cause, cancellationToken);
        if (!wasSent) instance.NotReached();
        else if (exception.Status is GrpcStatusCode.Unavailable or GrpcStatusCode.DeadlineExceeded) instance.Failed();
        else if (exception.Status is not GrpcStatusCode.Cancelled) instance.Answered();
        return wasSent;
    }

    /// <summary>Reads a stream until it ends. No deadline and no repetition: the caller decides when to ask anew, which is then another instance's turn.</summary>
    public async IAsyncEnumerable<TResponse> StreamAsync<TRequest, TResponse>(
        string service, GrpcMethod<TRequest, TResponse> method, TRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var options = new GrpcCallOptions(null, await MetadataAsync(cancellationToken), cancellationToken);
        var instance = Pick(directory.For(service));
        try
        {
            await using var messages = Channel(instance).ServerStreamingAsync(method, request, options).GetAsyncEnumerator(cancellationToken);
            while (await NextAsync(messages, instance, cancellationToken)) yield return messages.Current;
        }
        finally
        {
            instance.Done();
        }
    }

    static async ValueTask<bool> NextAsync<T>(IAsyncEnumerator<T> messages, Instance instance, CancellationToken cancellationToken)
    {
        try
        {
            var isThere = await messages.MoveNextAsync();
            instance.Answered();
            return isThere;
        }
        catch (GrpcException exception)
        {
            Judge(instance, exception, cancellationToken);
            throw;
        }
    }

    static Instance Pick(InstancePool pool, in AskedInVain before = default) => pool.Pick(before)
        ?? throw new GrpcException(GrpcStatusCode.Unavailable, $"No instance of {pool.Service} is known: see Services:{pool.Service}:Grpc and Discovery:Source.");

    GrpcChannel Channel(Instance instance) => channels.TryGetValue(instance, out var channel) ? channel : channels.GetValue(instance, NewChannel);

    static GrpcChannel NewChannel(Instance instance) => new(instance.Address.Grpc
        ?? throw new GrpcException(GrpcStatusCode.Unavailable, $"The gRPC address of the instance {instance.Address.Http} is not known."));

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
        catch (HttpRequestException exception)
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, exception.Message);
        }
    }

    public void Dispose()
    {
        foreach (var (_, channel) in channels) channel.Dispose();
    }
}
