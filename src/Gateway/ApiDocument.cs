using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Rosa.Platform.Discovery;
using Rosa.Platform.Resilience;

namespace Rosa.Gateway;

/// <summary>
/// <c>/openapi/v1.json</c>: what the services describe, in one document, as far as the gateway routes to it. A service that is down is
/// left out and named in <c>x-unavailable</c>.
/// </summary>
sealed class ApiDocument(ServiceDirectory directory, [FromKeyedServices("v1")] IOpenApiDocumentProvider own, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan keptFor = TimeSpan.FromSeconds(10);

    sealed record Kept(byte[] Body, CompressedForms? Forms);

    readonly HttpClient http = BalancingHandler.NewClient(directory, TimeSpan.FromSeconds(2));
    readonly SemaphoreSlim asking = new(1);
    Kept? kept;
    DateTimeOffset keptSince;

    public async Task WriteAsync(HttpContext context)
    {
        var document = await GetAsync(context.RequestAborted);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.Vary = "Accept-Encoding";
        var form = document.Forms?.For(context.Request.Headers.AcceptEncoding);
        if (form is not null) context.Response.Headers.ContentEncoding = form.Encoding;
        var body = form?.Body ?? document.Body;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    async Task<Kept> GetAsync(CancellationToken cancellationToken)
    {
        await asking.WaitAsync(cancellationToken);
        try
        {
            if (kept is not null && clock.GetUtcNow() - keptSince < keptFor) return kept;
            var parts = await Task.WhenAll(GatewayService.Calls.Select(async service => (Service: service, Document: await FetchAsync(service, cancellationToken))));
            var composed = (Service: MergedDocument.Gateway, Document: await OwnAsync(cancellationToken));
            keptSince = clock.GetUtcNow();
            var body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes<JsonNode>(MergedDocument.Of([.. parts, composed]));
            return kept = new Kept(body, CompressedForms.Of(body, "application/json"));
        }
        finally
        {
            asking.Release();
        }
    }

    /// <summary>What the gateway composes itself.</summary>
    async Task<JsonObject?> OwnAsync(CancellationToken cancellationToken)
    {
        var document = await own.GetOpenApiDocumentAsync(cancellationToken);
        return JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken)) as JsonObject;
    }

    async Task<JsonObject?> FetchAsync(string service, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await http.GetStreamAsync($"http://{service}/openapi/v1.json", cancellationToken);
            return await JsonNode.ParseAsync(body, cancellationToken: cancellationToken) as JsonObject;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidOperationException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        http.Dispose();
        asking.Dispose();
    }
}
