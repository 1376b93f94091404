using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rosa.Platform.Problems;

namespace Rosa.Gateway;

/// <summary>
/// <c>GET /api/operations</c>: how every service is, which circuit breakers are open, what waits and what nobody could handle; and
/// <c>POST /api/operations/{service}/dead-letters/{eventId}/retry</c>. Each service decides who may; one that does not answer is <c>down</c>.
/// </summary>
sealed class Operations(Parts parts, BadTokens badTokens, Forwarder forwarder)
{
    static readonly Route route = new(["GET", "POST"], "/api/operations", "users", BadToken.Refused);

    readonly BadTokens badTokens = badTokens;
    readonly Forwarder forwarder = forwarder;

    public static async Task Handle(HttpContext context, Operations use)
    {
        if (await use.badTokens.CheckAsync(context, route) is { } refused) await ProblemMiddleware.WriteAsync(context, refused.ToDetails());
        else await use.WriteAsync(context);
    }

    public static Task Retry(string service, Guid eventId, HttpContext context, Operations use)
    {
        if (!GatewayService.Calls.Contains(service)) return ProblemMiddleware.WriteAsync(context, Problem.NotFound("service").ToDetails());
        context.Request.Path = $"/internal/dead-letters/{eventId}/retry";
        return use.forwarder.ForwardAsync(context, route with { Service = service });
    }

    async Task WriteAsync(HttpContext context)
    {
        var answers = await Task.WhenAll(GatewayService.Calls.Select(async service => (Service: service, Part: await parts.AskAsync(service, "/internal/operations", context))));
        if (answers.FirstOrDefault(answer => answer.Part.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) is { Part: { } refusal })
        {
            await Results.Json(refusal.Body, statusCode: (int)refusal.Status, contentType: "application/problem+json").ExecuteAsync(context);
            return;
        }
        context.Response.Headers.CacheControl = "private, no-store";
        await Results.Json(new JsonObject
        {
            ["services"] = new JsonArray([.. answers.Select(answer => answer.Part is { IsDown: false, Body: { ValueKind: JsonValueKind.Object } state, Status: HttpStatusCode.OK }
                ? JsonObject.Create(state) : new JsonObject { ["service"] = answer.Service, ["status"] = "down" })]),
        }).ExecuteAsync(context);
    }
}
