using System.Net;
using System.Net.Http.Json;
using Rosa.Notifications.Templates;
using Rosa.Platform.Resilience;

namespace Rosa.Notifications;

/// <summary>
/// Asks Users for the secret of a one-time link in the moment in which the mail is written: it is in that mail and nowhere else. A mail that is
/// tried again carries another one.
/// </summary>
sealed class OneTimeLinks(ServiceHttp services, Notices notices)
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(5);

    sealed record Answer(string Token);

    public async Task<string> MakeAsync(Guid userId, string purpose, CancellationToken cancellationToken)
    {
        using var body = JsonContent.Create(new { purpose });
        using var response = await services.SendAsync("users", HttpMethod.Post, $"/internal/users/{userId}/one-time-tokens", body, patience, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK) throw new HttpRequestException($"Users answered {(int)response.StatusCode} for a one-time link.");
        var answer = (await response.Content.ReadFromJsonAsync<Answer>(cancellationToken))!;
        return notices.Shop.Url($"/account/{purpose}?token={Uri.EscapeDataString(answer.Token)}");
    }
}
