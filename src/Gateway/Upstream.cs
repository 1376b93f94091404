using System.Diagnostics;
using System.Net;
using System.Text;
using Rosa.Platform.Discovery;
using Rosa.Platform.Problems;
using Rosa.Platform.Resilience;

namespace Rosa.Gateway;

/// <summary>
/// The connections to the instances of the services. A service that is not reached is a 503, one that does not begin to answer in time a 504.
/// </summary>
sealed class Upstream(ServiceDirectory directory, GatewayOptions options, IConfiguration configuration) : IDisposable
{
    const int Attempts = 3;

    /// <summary>Bytes of an answer that is read whole before it goes on, so that one that breaks off in the middle can be asked of another instance.</summary>
    const int MostReadWhole = 1024 * 1024;

    static readonly TimeSpan beforeRetry = TimeSpan.FromMilliseconds(50), patience = TimeSpan.FromSeconds(2);
    static readonly UriCreationOptions verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Whether spans are sent anywhere. If not, the trace is passed on by hand: a span of each call is work that nobody would read.</summary>
    readonly bool traced = configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 };

    readonly HttpMessageInvoker http = new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } ? DistributedContextPropagator.Current : null,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,   // as Kestrel read them
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),   // shorter than Kestrel's 130 s: the services never close first
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    });

    /// <summary>
    /// Sends to an instance, and returns when the answer's headers are there, and its body too where it is small and could be asked for again. Another instance
    /// is tried where that cannot do the work twice: when no connection was made, when it broke and the request is safe to repeat, or when a read takes long to be answered.
    /// One that says that it cannot (503) may be alone with that, and another is asked, once.
    /// </summary>
    /// <param name="request">Makes the request to an address, anew for each try; null when it cannot be made again (its body is under way).</param>
    /// <param name="safeToRepeat">Whether the service does it once however often it is sent; reads always are.</param>
    public async Task<HttpResponseMessage> SendAsync(
        string service, string pathAndQuery, Func<Uri, HttpRequestMessage?> request, CancellationToken cancellationToken, bool safeToRepeat = false)
    {
        var pool = directory.For(service);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.AnswerWithin);
        var before = new AskedInVain();
        var isLarge = false;
        for (var attempt = 1; ; attempt++)
        {
            var instance = pool.Pick(before) ?? throw new ProblemException(Down(service));
            HttpRequestMessage? message = null;
            CancellationTokenSource? here = null;
            try
            {
                if (before.Contains(instance)) await Task.Delay(beforeRetry, cancellationToken);
                message = request(new Uri(instance.Authority + pathAndQuery, verbatim)) ?? throw new ProblemException(Down(service));
                if (!traced) PassTraceOn(message);
                if (attempt < Attempts && IsRead(message) && pool.WaitFor(instance, before, patience) is var wait && wait != Timeout.InfiniteTimeSpan)
                {
                    here = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
                    here.CancelAfter(wait);
                }
                var response = await http.SendAsync(message, here?.Token ?? limit.Token);
                var mayRepeat = safeToRepeat || IsRead(message);
                if (!isLarge && mayRepeat) await ReadWholeAsync(response, limit.Token);
                if (response.StatusCode == HttpStatusCode.ServiceUnavailable) instance.Failed();
                else if (response.Headers.ConnectionClose == true) instance.IsLeaving();
                else instance.Answered();
                if (response.StatusCode == HttpStatusCode.ServiceUnavailable && mayRepeat && before.Nobody && pool.AnotherTakesPart(instance, before))
                {
                    response.Dispose();
                    before.AddBroken(instance);
                    continue;
                }
                pool.Answered();
                return response;
            }
            catch (HttpRequestException exception) when (Find<BadHttpRequestException>(exception) is { } bad)
            {
                throw bad;   // the client's own body: too large, or broken off
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded && !isLarge)
            {
                isLarge = true;   // it did not say how long it is: asked for again, it is passed on piece by piece
                attempt--;
            }
            catch (Exception exception) when (NotReached.Is(exception, limit.Token))
            {
                instance.NotReached();
                if (attempt == Attempts) throw new ProblemException(Down(service));
                before.AddBroken(instance);
            }
            catch (HttpRequestException)
            {
                instance.Failed();
                if (attempt == Attempts || !(safeToRepeat || IsRead(message!))) throw new ProblemException(Down(service));
                before.AddBroken(instance);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                instance.Failed();
                throw new ProblemException(new Problem(ProblemKind.TooSlow, "TIMEOUT", $"The service {service} did not answer in time."));
            }
            catch (OperationCanceledException) when (here is { IsCancellationRequested: true } && !limit.IsCancellationRequested)
            {
                instance.Failed();
                pool.LostPatience();
                before.AddSlow(instance);
            }
            finally
            {
                here?.Dispose();
                instance.Done();
            }
        }
    }

    /// <summary>Of an answer that does not say how long it is, JSON may be small; what else comes like that is a stream.</summary>
    static async Task ReadWholeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var content = response.Content.Headers;
        if (content.ContentLength is { } length ? length > MostReadWhole : content.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) != true) return;
        try
        {
            await response.Content.LoadIntoBufferAsync(MostReadWhole, cancellationToken);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    static void PassTraceOn(HttpRequestMessage message)
    {
        if (Activity.Current is not { IdFormat: ActivityIdFormat.W3C } activity) return;
        message.Headers.TryAddWithoutValidation("traceparent", activity.Id);
        if (activity.TraceStateString is { Length: > 0 } state) message.Headers.TryAddWithoutValidation("tracestate", state);
    }

    static bool IsRead(HttpRequestMessage message) => message.Method == HttpMethod.Get || message.Method == HttpMethod.Head;

    static T? Find<T>(Exception? exception) where T : Exception
    {
        while (exception is not null and not T) exception = exception.InnerException;
        return exception as T;
    }

    public static Problem Down(string service) => new(ProblemKind.Unavailable, "UNAVAILABLE", $"The service {service} is down. Try again shortly.", RetryAfterSeconds: 2);

    public void Dispose() => http.Dispose();
}
