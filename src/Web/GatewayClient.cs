using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Rosa.Platform.Problems;

namespace Rosa.Web;

/// <summary>Calls the gateway for a visitor: with their token, their cart, their language and their address.</summary>
public sealed class GatewayClient(GatewayConnection connection, Visit visit, Connections connections)
{
    const string CartCookie = "rosa_cart";
    static readonly TimeSpan patience = TimeSpan.FromSeconds(15);

    public Task<Answer<T>> GetAsync<T>(string path, JsonTypeInfo<T> type) => AskAsync(HttpMethod.Get, path, content: null, type);

    public Task<Answer<T>> SendAsync<TBody, T>(HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, string? idempotencyKey = null, TimeSpan? within = null) =>
        AskAsync(method, path, JsonContent.Create(body, bodyType), type, idempotencyKey, within);

    public async Task<Answer<T>> AskAsync<T>(HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, string? idempotencyKey = null, TimeSpan? within = null)
    {
        using var response = await SendAsync(method, path, content, idempotencyKey, within);
        if (!response.IsSuccessStatusCode) return new(default, await Refusal.ReadAsync(response));
        var value = await response.Content.ReadFromJsonAsync(type, visit.Context.RequestAborted);
        return new(value, null);
    }

    /// <summary>For calls whose answer has no body.</summary>
    public async Task<Refusal?> DoAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var response = await SendAsync(method, path, content);
        return response.IsSuccessStatusCode ? null : await Refusal.ReadAsync(response);
    }

    public Task<Refusal?> DoAsync<TBody>(HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType) => DoAsync(method, path, JsonContent.Create(body, bodyType));

    /// <summary>The answer as it came, for files that are passed on; the caller disposes it.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, string? idempotencyKey = null, TimeSpan? within = null, string accept = "application/json", string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("Accept-Language", visit.Language);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", connections.Visitor(visit.Context).ToString());
        if (visit.Token is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (visit.Session.Cart is { } cart) request.Headers.TryAddWithoutValidation("Cookie", $"{CartCookie}={cart}");
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (idempotencyKey is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);

        // What changes something is finished whether or not the browser still waits.
        var response = await connection.SendAsync(request, within ?? patience, method == HttpMethod.Get ? visit.Context.RequestAborted : CancellationToken.None);
        KeepCart(response);
        return response;
    }

    /// <summary>Orders names a guest's cart by a cookie, which is kept in the session, as the browser does not talk to Orders.</summary>
    void KeepCart(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var cookies)) return;
        foreach (var cookie in cookies)
        {
            if (!cookie.StartsWith(CartCookie + "=", StringComparison.Ordinal)) continue;
            var value = cookie[(CartCookie.Length + 1)..].Split(';')[0];
            visit.Change(session => session with { Cart = value.Length == 32 ? value : null });
        }
    }
}

/// <summary>An answer of the shop, or why there is none.</summary>
public readonly record struct Answer<T>(T? Value, Refusal? Refusal)
{
    /// <summary>The value; a refusal becomes the page of its status.</summary>
    public T OrThrow() => Refusal is { } refusal ? throw refusal.ToException() : Value!;
}

/// <summary>Why the shop did not do what was asked (RFC 9457).</summary>
/// <param name="Code">Stable; the fronts have a text for it: <c>refused.EMAIL_TAKEN</c>.</param>
/// <param name="Errors">By field; with validation only.</param>
/// <param name="Body">All members.</param>
public sealed record Refusal(int Status, string Code, string? Detail, IReadOnlyDictionary<string, string[]> Errors, JsonElement Body)
{
    static readonly Dictionary<string, string[]> none = [];

    public static async Task<Refusal> ReadAsync(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        try
        {
            using var document = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync());
            var body = document.RootElement.Clone();
            return new Refusal(status, Text(body, "code") ?? ProblemTitles.CodeFor(status), Text(body, "detail"), ErrorsOf(body), body);
        }
        catch (JsonException)
        {
            return new Refusal(status, ProblemTitles.CodeFor(status), null, none, default);
        }
    }

    public ProblemException ToException() =>
        new(new Problem(Enum.IsDefined((ProblemKind)Status) ? (ProblemKind)Status : ProblemKind.Unavailable, Code, Detail ?? ProblemTitles.For(Status)));

    public string? Text(string member) => Body.ValueKind == JsonValueKind.Object ? Text(Body, member) : null;

    static string? Text(JsonElement body, string member) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static Dictionary<string, string[]> ErrorsOf(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Object
            ? errors.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.EnumerateArray().Select(message => message.ToString()).ToArray())
            : none;
}
