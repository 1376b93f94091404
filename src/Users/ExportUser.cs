using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;
using Rosa.Platform.Resilience;

namespace Rosa.Users;

/// <summary>
/// All that is held about a person, as one JSON file: a part from each service that <see cref="UsersOptions.PersonalDataFrom"/> names, under its
/// name (<see cref="PersonalData"/>). When one does not answer there is no file: half of it would look like all of it.
/// </summary>
static class ExportUserEndpoint
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(10);

    public static async Task<Results<JsonHttpResult<IReadOnlyDictionary<string, JsonElement>>, ProblemHttpResult>> Handle(
        Guid userId, Caller caller, HttpResponse response, ServiceDatabase database, ServiceHttp services, IOptions<UsersOptions> options,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        if (caller.UserId != userId || await OwnPartAsync(userId, database, cancellationToken) is not { } own) return Problem.NotFound("user").ToResult();

        var file = new Dictionary<string, JsonElement>
        {
            ["userId"] = JsonSerializer.SerializeToElement(userId),
            ["exportedAt"] = JsonSerializer.SerializeToElement(clock.GetUtcNow()),
            ["users"] = own,
        };
        string[] from = options.Value.PersonalDataFrom.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        IReadOnlyList<Guid> orderIds = [];
        if (from.Contains("orders"))
        {
            file["orders"] = await AskAsync("orders", new PersonalDataRequest(userId, []), services, cancellationToken);
            orderIds = OrderIdsIn(file["orders"]);
        }
        var others = from.Where(service => service != "orders").ToList();
        var parts = await Task.WhenAll(others.Select(service => AskAsync(service, new PersonalDataRequest(userId, orderIds), services, cancellationToken)));
        foreach (var (service, part) in others.Zip(parts)) file[service] = part;

        response.Headers.ContentDisposition = $"attachment; filename=\"rosa-{userId}.json\"";
        response.Headers.CacheControl = "no-store";
        return TypedResults.Json<IReadOnlyDictionary<string, JsonElement>>(file);
    }

    /// <summary>Throws, which is answered with 503, when the service does not answer with its part.</summary>
    static async Task<JsonElement> AskAsync(string service, PersonalDataRequest request, ServiceHttp services, CancellationToken cancellationToken)
    {
        using var body = JsonContent.Create(request);
        using var response = await services.SendAsync(service, HttpMethod.Post, PersonalData.Route, body, patience, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK) throw new HttpRequestException($"{service} answered {(int)response.StatusCode} for its part of a person's data");
        return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    static List<Guid> OrderIdsIn(JsonElement part) =>
        part.TryGetProperty("orders", out var orders) ? [.. orders.EnumerateArray().Select(order => order.GetProperty("orderId").GetGuid())] : [];

    static async Task<JsonElement?> OwnPartAsync(Guid userId, ServiceDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            select jsonb_build_object(
              'account', jsonb_build_object(
                'email', email, 'emailVerifiedAt', email_verified_at, 'firstName', first_name, 'lastName', last_name, 'phone', phone, 'language', language,
                'role', role, 'animalType', animal_type, 'notificationsEnabled', notifications_enabled, 'createdAt', created_at, 'passwordChangedAt', password_changed_at),
              'sessions', (select coalesce(jsonb_agg(jsonb_build_object('startedAt', started_at, 'endedAt', ended_at, 'endReason', end_reason) order by started_at), '[]')
                           from sessions where user_id = $1),
              'following', (select coalesce(jsonb_agg(jsonb_build_object('userId', followed_id, 'since', followed_at) order by followed_at), '[]') from follows where follower_id = $1),
              'followers', (select coalesce(jsonb_agg(jsonb_build_object('userId', follower_id, 'since', followed_at) order by followed_at), '[]') from follows where followed_id = $1),
              'roleChanges', (select coalesce(jsonb_agg(jsonb_build_object('from', from_role, 'to', to_role, 'at', changed_at) order by changed_at), '[]')
                              from role_changes where user_id = $1),
              'failedLogins', (select coalesce(jsonb_agg(jsonb_build_object('address', address, 'at', failed_at) order by failed_at), '[]')
                               from login_failures where login_failures.email = lower(users.email)))::text
            from users where user_id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        return await command.ExecuteScalarAsync(cancellationToken) is string json ? JsonDocument.Parse(json).RootElement : null;
    }
}
