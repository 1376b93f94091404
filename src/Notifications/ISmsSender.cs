using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.Options;

namespace Rosa.Notifications;

/// <summary>A short message to one person.</summary>
/// <param name="MessageId">The same at every try: a provider that has seen it drops a second copy.</param>
/// <param name="To">E.164.</param>
sealed record Sms(Guid MessageId, string To, string Text);

/// <summary>The port to the world's phones.</summary>
interface ISmsSender
{
    /// <summary>False when there is no provider: then the send log is all there is.</summary>
    bool Sends { get; }

    /// <summary>Returns when the provider has taken the message over; throws when that is not sure.</summary>
    Task SendAsync(Sms message, CancellationToken cancellationToken);
}

/// <summary>For shops without a provider of short messages.</summary>
sealed class NoSmsSender : ISmsSender
{
    public bool Sends => false;

    public Task SendAsync(Sms message, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>
/// Posts <c>{"id", "from", "to", "text"}</c> to a provider, with the key as bearer token and the id as <c>Idempotency-Key</c>. Any 2xx means
/// that it was taken over.
/// </summary>
sealed class HttpSmsSender(IOptions<NotificationsOptions> options) : ISmsSender, IDisposable
{
    readonly SmsOptions provider = options.Value.Sms;
    readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) }) { Timeout = options.Value.Sms.Timeout };

    public bool Sends => true;

    public async Task SendAsync(Sms message, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, provider.Url)
        {
            Content = JsonContent.Create(new { id = message.MessageId, from = provider.From, to = message.To, text = message.Text }),
        };
        if (provider.Key is { Length: > 0 } key) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", message.MessageId.ToString());
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode) throw new HttpRequestException($"The provider of short messages answered {(int)response.StatusCode}.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The provider of short messages did not answer in time.");
        }
    }

    public void Dispose() => http.Dispose();
}
