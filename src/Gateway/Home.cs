using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rosa.Platform.Identity;

namespace Rosa.Gateway;

/// <summary>
/// <c>GET /api/home</c>: what the front page needs, in one call. What is the same for everybody is asked for once in 0.9 s and language; a signed-in
/// caller's recommendations and cart are their own. A part that is down is null and named in <c>unavailable</c>.
/// </summary>
sealed class Home(Parts parts, BadTokens badTokens, TimeProvider clock)
{
    const int Shown = 8;
    static readonly TimeSpan freshFor = TimeSpan.FromMilliseconds(900);
    static readonly Route route = new(["GET"], "/api/home", "catalog", BadToken.Ignored);

    static readonly (string Name, string Path)[] shared =
    [
        ("categories", "/api/categories"),
        ("newest", $"/api/products?sort=newest&inStock=true&limit={Shown}"),
        ("bestRated", $"/api/products?sort=rating&inStock=true&limit={Shown}"),
    ];

    sealed record Kept(long AskedAt, Lazy<Task<IReadOnlyList<(string Name, Part Part)>>> Parts);

    readonly ConcurrentDictionary<string, Kept> kept = new();
    readonly BadTokens badTokens = badTokens;

    public static async Task Handle(HttpContext context, Home use)
    {
        await use.badTokens.CheckAsync(context, route);
        await use.WriteAsync(context);
    }

    async Task WriteAsync(HttpContext context)
    {
        var everybodys = SharedAsync(Languages.Of(context.Request.Headers.AcceptLanguage));
        var own = OwnAsync(context);
        await Task.WhenAll(everybodys, own);

        (string Name, Part Part)[] all = [.. await everybodys, .. await own];

        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "private, no-store";
        context.Response.Headers.Vary = "Accept-Language, Authorization, Cookie";
        await using (var writer = new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var (name, part) in all)
            {
                writer.WritePropertyName(name);
                if (Content(part.Body) is { } content) content.WriteTo(writer);
                else writer.WriteNullValue();
            }
            writer.WriteStartArray("unavailable");
            foreach (var (name, part) in all)
                if (part.IsDown) writer.WriteStringValue(name);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Of a page its items, of a tree its roots; a cart as it is.</summary>
    static JsonElement? Content(JsonElement? body)
    {
        if (body is not { ValueKind: JsonValueKind.Object } document) return body;
        foreach (var list in (string[])["products", "categories", "recommendations"])
            if (document.TryGetProperty(list, out var items)) return items;
        return document;
    }

    Task<IReadOnlyList<(string, Part)>> SharedAsync(string language)
    {
        if (kept.TryGetValue(language, out var fresh) && clock.GetElapsedTime(fresh.AskedAt) < freshFor) return fresh.Parts.Value;

        // Whoever comes first asks for all; it goes on when they leave.
        var anew = new Kept(clock.GetTimestamp(), new(() => AskSharedAsync(language)));
        var current = kept.AddOrUpdate(language, anew, (_, other) => clock.GetElapsedTime(other.AskedAt) < freshFor ? other : anew);
        return current.Parts.Value;
    }

    async Task<IReadOnlyList<(string, Part)>> AskSharedAsync(string language) =>
        await Task.WhenAll(shared.Select(async part => (part.Name, await parts.AskAsync("catalog", part.Path, language, CancellationToken.None))));

    async Task<IReadOnlyList<(string, Part)>> OwnAsync(HttpContext context)
    {
        var cart = context.Request.Headers.Cookie.Count > 0 || context.Caller().UserId is not null ? parts.AskAsync("orders", "/api/cart", context) : null;
        var recommended = context.Caller().UserId is { } userId ? parts.AskAsync("recommendations", $"/api/recommendations/{userId}?limit={Shown}", context) : null;
        var own = new List<(string, Part)>();
        if (cart is not null) own.Add(("cart", await cart));
        if (recommended is not null) own.Add(("recommendations", await recommended));
        return own;
    }
}
