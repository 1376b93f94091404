using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Rosa.Platform.Resilience;

namespace Rosa.Payments.Provider;

/// <summary>
/// A provider that is reached over HTTP, behind a circuit breaker, and that may say later what became of a charge. What it
/// is asked and answers stands in this folder's README.
/// </summary>
sealed class HostedProvider(IOptions<PaymentsOptions> options, Dependencies dependencies) : IPaymentProvider, IDisposable
{
    const string Name = "payment-provider";

    sealed record ChargeBody(Guid PaymentId, string Reference, string Amount, string Currency, string CardToken);
    sealed record RefundBody(Guid RefundId, Guid PaymentId, string Amount);
    sealed record Outcome(string? Status, string? Reason);

    readonly HttpClient http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), ConnectTimeout = TimeSpan.FromSeconds(2), UseCookies = false, AllowAutoRedirect = false })
    {
        BaseAddress = new Uri(options.Value.Hosted.BaseUrl!.AbsoluteUri.TrimEnd('/') + "/"),
        Timeout = options.Value.ProviderTimeout,
        MaxResponseContentBufferSize = 65_536,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", options.Value.Hosted.ApiKey) },
    };

    public async Task<ProviderCharge> ChargeAsync(ChargeOrder order, CancellationToken cancellationToken) => Charge(await SendAsync(
        HttpMethod.Post, "v1/charges", order.Key, new ChargeBody(order.Key, order.Reference, Text(order.Amount), order.Currency, order.CardToken), cancellationToken));

    public async Task<ProviderCharge> FindChargeAsync(Guid key, CancellationToken cancellationToken) =>
        Charge(await SendAsync<object>(HttpMethod.Get, $"v1/charges/{key}", key: null, body: null, cancellationToken));

    public async Task<ProviderCharge> VoidAsync(Guid key, CancellationToken cancellationToken) =>
        Charge(await SendAsync<object>(HttpMethod.Post, $"v1/charges/{key}/void", key, body: null, cancellationToken));

    public async Task<RefundState> RefundAsync(Guid refundKey, Guid chargeKey, decimal amount, CancellationToken cancellationToken) =>
        Refund(await SendAsync(HttpMethod.Post, "v1/refunds", refundKey, new RefundBody(refundKey, chargeKey, Text(amount)), cancellationToken));

    public async Task<RefundState> FindRefundAsync(Guid refundKey, CancellationToken cancellationToken) =>
        Refund(await SendAsync<object>(HttpMethod.Get, $"v1/refunds/{refundKey}", key: null, body: null, cancellationToken));

    static ProviderCharge Charge(Outcome? outcome) => new(outcome?.Status switch
    {
        null => ChargeState.None,
        "processing" => ChargeState.Processing,
        "succeeded" => ChargeState.Captured,
        "declined" => ChargeState.Declined,
        "voided" => ChargeState.Voided,
        _ => throw Unclear(outcome),
    }, outcome?.Reason is { Length: <= 100 } reason ? reason : null);

    /// <summary>A refund in processing is made, only not yet: it is asked about again.</summary>
    static RefundState Refund(Outcome? outcome) => outcome?.Status switch
    {
        null or "processing" => RefundState.None,
        "succeeded" => RefundState.Refunded,
        "refused" => RefundState.Refused,
        _ => throw Unclear(outcome),
    };

    /// <summary>What the provider answers; null for its 404. Any other answer than these two says nothing about the money.</summary>
    async Task<Outcome?> SendAsync<TBody>(HttpMethod method, string path, Guid? key, TBody? body, CancellationToken cancellationToken) where TBody : class
    {
        var (status, answer) = await dependencies.For(Name).CallAsync(token => ReachAsync(method, path, key, body, token), cancellationToken);
        if (status == HttpStatusCode.NotFound && method == HttpMethod.Get) return null;
        if (status is not (HttpStatusCode.OK or HttpStatusCode.Created)) throw new ProviderException($"The payment provider answered {(int)status}.");
        try
        {
            return JsonSerializer.Deserialize<Outcome>(answer, JsonSerializerOptions.Web) is { Status: not null } outcome ? outcome : throw Unclear(null);
        }
        catch (JsonException)
        {
            throw Unclear(null);
        }
    }

    /// <summary>No answer and a 5xx speak against the provider, and count for its circuit; a 4xx speaks against this call alone.</summary>
    async Task<(HttpStatusCode, byte[])> ReachAsync<TBody>(HttpMethod method, string path, Guid? key, TBody? body, CancellationToken cancellationToken) where TBody : class
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, options: JsonSerializerOptions.Web) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key.ToString());
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if ((int)response.StatusCode >= 500) throw new ProviderException($"The payment provider answered {(int)response.StatusCode}.");
            return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (HttpRequestException exception) when (exception is not ProviderException)
        {
            throw new ProviderException($"The payment provider was not reached: {exception.Message}", exception);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("The payment provider did not answer in time.");
        }
    }

    static ProviderException Unclear(Outcome? outcome) => new($"The payment provider answered something that is not in its contract ({outcome?.Status ?? "no status"}).");

    static string Text(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    public void Dispose() => http.Dispose();
}
