using Rosa.Platform.Discovery;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;
using Rosa.Platform.Resilience;

namespace Rosa.Web;

/// <summary>
/// The way to the gateway. This front proves itself by its service token; what it asks for itself (pictures, live stock) is not counted as a visitor's.
/// </summary>
public sealed class GatewayConnection(ServiceDirectory directory, IServiceTokenSource tokens, Dependencies dependencies) : IDisposable
{
    static readonly Uri gateway = new("http://gateway");

    readonly HttpClient http = BalancingHandler.NewClient(directory, Timeout.InfiniteTimeSpan);

    /// <summary>
    /// Sends, and reads the whole answer, whatever its status. Throws <see cref="HttpRequestException"/> when the gateway was not reached,
    /// <see cref="TimeoutException"/> when it took longer: whether the call had an effect is then unknown.
    /// </summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, TimeSpan within, CancellationToken cancellationToken) =>
        dependencies.For("gateway").CallAsync(async token =>
        {
            request.RequestUri = new Uri(gateway, request.RequestUri!);
            if (Correlation.Current is { } id) request.Headers.TryAddWithoutValidation(Correlation.Header, id);
            if (await ServiceTokenAsync(token) is { } own) request.Headers.TryAddWithoutValidation("X-Service-Token", own);

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
            limit.CancelAfter(within);
            try
            {
                return await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                throw new TimeoutException($"The gateway did not answer within {within.TotalSeconds:0.#} s");
            }
        }, cancellationToken);

    /// <summary>Without it the shop goes on: all visitors then share the limit of one.</summary>
    async Task<string?> ServiceTokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await tokens.GetAsync(cancellationToken);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public void Dispose() => http.Dispose();
}
