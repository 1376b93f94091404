using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rosa.Platform.Problems;

namespace Rosa.Gateway;

/// <summary>
/// <c>GET /api/audit</c>: what employees asked of all services, newest first. Each service keeps its own and decides who may read it; one that is down is
/// named in <c>unavailable</c>.
/// </summary>
sealed class AuditTrail(Parts parts, BadTokens badTokens)
{
    const int Deepest = 2_000;
    static readonly Route route = new(["GET"], "/api/audit", "users", BadToken.Refused);
    static readonly string[] services = [.. GatewayService.Calls];

    readonly BadTokens badTokens = badTokens;

    public static async Task Handle(HttpContext context, AuditTrail use, Guid? employeeId = null, int page = 1, int limit = 20)
    {
        var refused = await use.badTokens.CheckAsync(context, route)
            ?? (page < 1 ? Problem.Validation("page", "Pages count from 1.") : null)
            ?? (limit is < 1 or > 100 ? Problem.Validation("limit", "The limit is 1 to 100.") : null)
            ?? ((long)page * limit > Deepest ? Problem.Validation("page", $"Only the newest {Deepest} entries can be paged through; narrow them by employeeId.") : null);
        if (refused is not null) await ProblemMiddleware.WriteAsync(context, refused.ToDetails());
        else await use.WriteAsync(context, employeeId, page, limit);
    }

    async Task WriteAsync(HttpContext context, Guid? employeeId, int page, int limit)
    {
        var path = $"/internal/audit?take={page * limit}{(employeeId is null ? "" : $"&employeeId={employeeId}")}";
        var answers = await Task.WhenAll(services.Select(async service => (Service: service, Part: await parts.AskAsync(service, path, context))));
        if (answers.FirstOrDefault(answer => answer.Part.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) is { Part: { } refusal })
        {
            await Results.Json(refusal.Body, statusCode: (int)refusal.Status, contentType: "application/problem+json").ExecuteAsync(context);
            return;
        }

        var given = answers.Where(answer => answer.Part is { IsDown: false, Status: HttpStatusCode.OK }).Select(answer => answer.Part.Body!.Value).ToList();
        var newest = given.SelectMany(body => body.GetProperty("entries").EnumerateArray())
            .OrderByDescending(entry => entry.GetProperty("at").GetDateTimeOffset()).ThenByDescending(entry => entry.GetProperty("entryId").GetGuid())
            .Skip((page - 1) * limit).Take(limit);
        context.Response.Headers.CacheControl = "private, no-store";
        await Results.Json(new JsonObject
        {
            ["entries"] = new JsonArray([.. newest.Select(entry => JsonObject.Create(entry))]),
            ["total"] = given.Sum(body => body.GetProperty("total").GetInt64()),
            ["page"] = page,
            ["limit"] = limit,
            ["unavailable"] = new JsonArray([.. answers.Where(answer => answer.Part.IsDown).Select(answer => JsonValue.Create(answer.Service))]),
        }).ExecuteAsync(context);
    }
}
