using System.Net;
using System.Text.Json;
using Rosa.Platform.Problems;

namespace Rosa.Gateway;

/// <summary>What one service has to say of a composed answer.</summary>
/// <param name="Body">Null when there is none, or the service does not answer.</param>
/// <param name="IsDown">It could not be asked, or failed.</param>
sealed record Part(HttpStatusCode Status, JsonElement? Body, bool IsDown)
{
    public static readonly Part Down = new(HttpStatusCode.ServiceUnavailable, Body: null, IsDown: true);
}

/// <summary>Asks services for the parts of an answer. A part that is down is missing; it never takes the others with it.</summary>
sealed class Parts(Upstream upstream)
{
    static readonly TimeSpan within = TimeSpan.FromSeconds(3);

    /// <summary>As a guest would ask: the answer may go to all who speak this language.</summary>
    public Task<Part> AskAsync(string service, string path, string language, CancellationToken cancellationToken) => SendAsync(service, path, message =>
    {
        if (language.Length > 0) message.Headers.TryAddWithoutValidation("Accept-Language", language);
    }, cancellationToken);

    /// <summary>As the caller asks, with their token and cookie.</summary>
    public Task<Part> AskAsync(string service, string path, HttpContext context) => SendAsync(service, path, message =>
    {
        var headers = context.Request.Headers;
        foreach (var name in (string[])["Authorization", "Cookie", "Accept-Language"])
            if (headers.TryGetValue(name, out var value)) message.Headers.TryAddWithoutValidation(name, (string?)value);
        Forwarder.Introduce(message, Exchange.Of(context).Visitor, context.Request.Host.Value);
    }, context.RequestAborted);

    async Task<Part> SendAsync(string service, string path, Action<HttpRequestMessage> complete, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(within);
        try
        {
            using var response = await upstream.SendAsync(service, path, address =>
            {
                var message = new HttpRequestMessage(HttpMethod.Get, address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
                complete(message);
                return message;
            }, limit.Token);
            if ((int)response.StatusCode >= 500) return Part.Down;
            return await ReadAsync(response, limit.Token);
        }
        catch (Exception exception) when (exception is ProblemException or HttpRequestException or IOException or JsonException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Part.Down;
        }
    }

    public static async Task<Part> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        return new Part(response.StatusCode, document.RootElement.Clone(), IsDown: false);
    }
}
