using System.Diagnostics;
using System.Net;
using System.Text;
using Rosa.Platform.Discovery;
using Rosa.Platform.Problems;

namespace Rosa.Gateway;

/// <summary>
/// The connections to the services. A service that is not reached is a 503, one that does not begin to answer in time a 504.
/// </summary>
sealed class Upstream(IServiceDirectory directory, GatewayOptions options, IConfiguration configuration) : IDisposable
{
    static readonly TimeSpan beforeRetry = TimeSpan.FromMilliseconds(50);
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

    /// <summary>The address of a path at a service; a service without a known address is down.</summary>
    public Uri Address(string service, string pathAndQuery)
    {
        try
        {
            return new Uri(directory.Http(service).GetLeftPart(UriPartial.Authority) + pathAndQuery, verbatim);
        }
        catch (InvalidOperationException)
        {
            throw new ProblemException(Down(service));
        }
    }

    /// <summary>
    /// Sends, and returns when the answer's headers are there. Tried a second time where that cannot do the work twice: when no connection was
    /// made, or when a read broke off.
    /// </summary>
    /// <param name="request">Makes the request, anew for each try; null when it cannot be made again (its body is under way).</param>
    public async Task<HttpResponseMessage> SendAsync(string service, Func<HttpRequestMessage?> request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.AnswerWithin);
        for (var attempt = 1; ; attempt++)
        {
            var message = request() ?? throw new ProblemException(Down(service));
            if (!traced) PassTraceOn(message);
            try
            {
                return await http.SendAsync(message, limit.Token);
            }
            catch (HttpRequestException exception) when (Find<BadHttpRequestException>(exception) is { } bad)
            {
                throw bad;   // the client's own body: too large, or broken off
            }
            catch (HttpRequestException exception) when (attempt == 1 && MayRepeat(message, exception))
            {
                await Task.Delay(beforeRetry, cancellationToken);
            }
            catch (HttpRequestException)
            {
                throw new ProblemException(Down(service));
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new ProblemException(new Problem(ProblemKind.TooSlow, "TIMEOUT", $"The service {service} did not answer in time."));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ProblemException(Down(service));   // no connection within its own time
            }
        }
    }

    static void PassTraceOn(HttpRequestMessage message)
    {
        if (Activity.Current is not { IdFormat: ActivityIdFormat.W3C } activity) return;
        message.Headers.TryAddWithoutValidation("traceparent", activity.Id);
        if (activity.TraceStateString is { Length: > 0 } state) message.Headers.TryAddWithoutValidation("tracestate", state);
    }

    static bool MayRepeat(HttpRequestMessage message, HttpRequestException exception) =>
        exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
        || message.Method == HttpMethod.Get || message.Method == HttpMethod.Head;

    static T? Find<T>(Exception? exception) where T : Exception
    {
        while (exception is not null and not T) exception = exception.InnerException;
        return exception as T;
    }

    public static Problem Down(string service) => new(ProblemKind.Unavailable, "UNAVAILABLE", $"The service {service} is down. Try again shortly.", RetryAfterSeconds: 2);

    public void Dispose() => http.Dispose();
}
