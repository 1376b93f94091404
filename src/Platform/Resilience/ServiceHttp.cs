using System.Net.Http.Headers;
using Rosa.Platform.Discovery;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;

namespace Rosa.Platform.Resilience;

/// <summary>Calls another service over HTTP by its name: an instance of it, with this service's token, the correlation id, a time limit and the circuit breaker.</summary>
/// <remarks>
/// Any answer is returned; a 5xx answer and no answer count against the circuit, unless the answer carries the header
/// <see cref="OutsideFault"/>: then somebody beyond the service failed.
/// </remarks>
public sealed class ServiceHttp(ServiceDirectory directory, IServiceTokenSource tokens, Dependencies dependencies) : IDisposable
{
    /// <summary>Set on an answer whose failure is that of an outside party (the payment provider), not of the service asked.</summary>
    public const string OutsideFault = "X-Outside-Fault";

    readonly HttpClient http = BalancingHandler.NewClient(directory, Timeout.InfiniteTimeSpan);

    /// <summary>
    /// Sends and reads the whole answer. Throws <see cref="HttpRequestException"/> when the service was not reached or failed (5xx),
    /// <see cref="TimeoutException"/> when it took longer than <paramref name="timeout"/>: whether the call had an effect is then unknown.
    /// </summary>
    public Task<HttpResponseMessage> SendAsync(string service, HttpMethod method, string path, HttpContent? body, TimeSpan timeout, CancellationToken cancellationToken, string? idempotencyKey = null) =>
        dependencies.For(service).CallAsync(async token =>
        {
            using var request = new HttpRequestMessage(method, new Uri($"http://{service}{path}")) { Content = body };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tokens.GetAsync(token));
            if (Correlation.Current is { } id) request.Headers.TryAddWithoutValidation(Correlation.Header, id);
            if (idempotencyKey is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
            limit.CancelAfter(timeout);
            try
            {
                var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
                if ((int)response.StatusCode < 500 || response.Headers.Contains(OutsideFault)) return response;
                response.Dispose();
                throw new HttpRequestException($"{service} answered {(int)response.StatusCode}", null, response.StatusCode);
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                throw new TimeoutException($"{service} did not answer within {timeout.TotalSeconds:0.#} s");
            }
        }, cancellationToken);

    public void Dispose() => http.Dispose();
}
