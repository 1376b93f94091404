using System.Net;
using Rosa.Platform.Discovery;

namespace Rosa.Platform.Resilience;

/// <summary>
/// Sends a request for <c>http://catalog/…</c> to an instance of that service, and reads its whole answer. Where no connection was made, another instance
/// is tried; where one was made and broke, only for what is safe to repeat: a read, a write that says what shall be, or a request with an <c>Idempotency-Key</c>.
/// A read that takes long to begin to be answered is asked of another instance too.
/// </summary>
/// <remarks>A service that says nothing fails as one that is not there, with <see cref="HttpRequestException"/>; only the caller's own wish ends as a cancellation.</remarks>
public sealed class BalancingHandler(ServiceDirectory directory, TimeSpan answersWithin, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    const int Attempts = 3;
    const long LargestAnswer = 256 * 1024 * 1024;
    static readonly TimeSpan countsAsNoAnswer = TimeSpan.FromSeconds(1), patience = TimeSpan.FromSeconds(2);

    /// <summary>A client whose addresses begin with the name of a service.</summary>
    /// <param name="directory">Where the instances are.</param>
    /// <param name="answersWithin">The limit of every request, whatever is tried in it; <see cref="Timeout.InfiniteTimeSpan"/> when each has its own.</param>
    public static HttpClient NewClient(ServiceDirectory directory, TimeSpan answersWithin) => new(new BalancingHandler(directory, answersWithin, new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    }))
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (answersWithin == Timeout.InfiniteTimeSpan) return await TryAsync(request, cancellationToken);
        var service = request.RequestUri!.Host;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(answersWithin);
        try
        {
            return await TryAsync(request, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"{service} did not answer within {answersWithin.TotalSeconds:0.#} s.");
        }
    }

    async Task<HttpResponseMessage> TryAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (service, path) = (request.RequestUri!.Host, request.RequestUri.PathAndQuery);
        var pool = directory.For(service);
        var before = new AskedInVain();
        for (var attempt = 1; ; attempt++)
        {
            var instance = pool.Pick(before)
                ?? throw new HttpRequestException(HttpRequestError.ConnectionError, $"No instance of {service} is known: see Services:{service}:Http and Discovery:Source.");
            var startedAt = Environment.TickCount64;
            var here = IsRead(request) && attempt < Attempts ? pool.WaitFor(instance, before, patience) : Timeout.InfiniteTimeSpan;
            try
            {
                if (before.Contains(instance)) await Task.Delay(Random.Shared.Next(10, 50) * attempt, cancellationToken);
                request.RequestUri = new Uri(instance.Authority + path);
                var response = await AskAsync(instance, request, here, cancellationToken);
                pool.Answered();
                return response;
            }
            catch (OperationCanceledException) when (here != Timeout.InfiniteTimeSpan && !cancellationToken.IsCancellationRequested)
            {
                instance.Failed();
                pool.LostPatience();
                before.AddSlow(instance);
            }
            catch (Exception exception) when (NotReached.Is(exception, cancellationToken))
            {
                instance.NotReached();
                if (attempt == Attempts) throw;
                before.AddBroken(instance);
            }
            catch (HttpRequestException)
            {
                instance.Failed();
                if (attempt == Attempts || !IsSafeToRepeat(request)) throw;
                before.AddBroken(instance);
            }
            catch (OperationCanceledException)
            {
                if (Environment.TickCount64 - startedAt > countsAsNoAnswer.TotalMilliseconds) instance.Failed();
                throw;
            }
            finally
            {
                instance.Done();
            }
        }
    }

    /// <param name="within">For the answer to begin; its end may take longer.</param>
    async Task<HttpResponseMessage> AskAsync(Instance instance, HttpRequestMessage request, TimeSpan within, CancellationToken cancellationToken)
    {
        var response = await BeginAsync(request, within, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(LargestAnswer, cancellationToken);
        }
        catch
        {
            response.Dispose();
            throw;
        }
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable && !response.Headers.Contains(ServiceHttp.OutsideFault)) instance.Failed();
        else if (response.Headers.ConnectionClose == true) instance.IsLeaving();
        else instance.Answered();
        return response;
    }

    async Task<HttpResponseMessage> BeginAsync(HttpRequestMessage request, TimeSpan within, CancellationToken cancellationToken)
    {
        if (within == Timeout.InfiniteTimeSpan) return await base.SendAsync(request, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(within);
        return await base.SendAsync(request, limit.Token);
    }

    static bool IsRead(HttpRequestMessage request) => request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;

    static bool IsSafeToRepeat(HttpRequestMessage request) =>
        IsRead(request) || request.Headers.Contains("Idempotency-Key") || (request.Method == HttpMethod.Put && request.Headers.IfMatch.Count == 0);
}
