using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;
using Rosa.Platform.Resilience;

namespace Rosa.Platform.Operations;

/// <summary>An event that could not be handled after its last try; a person decides.</summary>
/// <param name="RoutingKey">What happened: <c>orders.OrderCreated</c>.</param>
/// <param name="Subject">To what.</param>
public sealed record DeadLetter(Guid EventId, string RoutingKey, string Subject, DateTimeOffset ReceivedAt, DateTimeOffset ParkedAt, int Attempts, string? Error);

/// <summary>How a service is, and what in it waits for a person.</summary>
/// <param name="Dependencies">The circuit breakers of the services it calls.</param>
/// <param name="Outbox">Events that are told but not yet handed over.</param>
/// <param name="Inbox">Events that are received but not yet handled.</param>
/// <param name="DeadLetters">The latest hundred.</param>
public sealed record ServiceState(
    string Service, string Status, IReadOnlyDictionary<string, string> Missing, IReadOnlyDictionary<string, string> Dependencies,
    long Outbox, long Inbox, long Parked, IReadOnlyList<DeadLetter> DeadLetters);

/// <summary>
/// <c>GET /internal/operations</c>: a service's part of <c>GET /api/operations</c>, which the gateway puts together, and
/// <c>POST /internal/dead-letters/{eventId}/retry</c>. An employee's own token opens them.
/// </summary>
public static class ServiceOperations
{
    const int Most = 100;

    internal static void MapOperations(this WebApplication app)
    {
        app.MapGet("/internal/operations", ReadAsync).For(Access.Employee).ExcludeFromDescription();
        if (app.Services.GetService<NpgsqlDataSource>() is not null)
            app.MapPost("/internal/dead-letters/{eventId:guid}/retry", RetryAsync).For(Access.Employee).ExcludeFromDescription();
    }

    static async Task<Ok<ServiceState>> ReadAsync(Service service, Readiness readiness, Dependencies dependencies, IServiceProvider services, CancellationToken cancellationToken)
    {
        var missing = await readiness.MissingAsync(cancellationToken);
        var state = new ServiceState(
            service.Name, missing.Count == 0 ? "ready" : "not ready", missing, dependencies.All.ToDictionary(dependency => dependency.Name, dependency => dependency.State),
            Outbox: 0, Inbox: 0, Parked: 0, DeadLetters: []);
        return TypedResults.Ok(services.GetService<NpgsqlDataSource>() is { } source ? await WithMessagesAsync(state, source, cancellationToken) : state);
    }

    static async Task<ServiceState> WithMessagesAsync(ServiceState state, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            select (select count(*) from outbox),
                   (select count(*) from inbox where handled_at is null and parked_at is null),
                   (select count(*) from inbox where parked_at is not null)
            """));
        batch.BatchCommands.Add(new($"select event_id, routing_key, subject, received_at, parked_at, attempts, error from inbox where parked_at is not null order by parked_at desc limit {Most}"));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        state = state with { Outbox = reader.GetInt64(0), Inbox = reader.GetInt64(1), Parked = reader.GetInt64(2) };
        await reader.NextResultAsync(cancellationToken);
        var letters = new List<DeadLetter>();
        while (await reader.ReadAsync(cancellationToken))
            letters.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), new(reader.GetDateTime(3)), new(reader.GetDateTime(4)), reader.GetInt32(5), reader.IsDBNull(6) ? null : reader.GetString(6)));
        return state with { DeadLetters = letters };
    }

    /// <summary>Gives the event all its tries once more.</summary>
    static async Task<Results<Accepted, ProblemHttpResult>> RetryAsync(Guid eventId, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("update inbox set parked_at = null, attempts = 0, due_at = now() where event_id = $1 and parked_at is not null and handled_at is null");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = eventId });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 0 ? Problem.NotFound("dead letter").ToResult() : TypedResults.Accepted((string?)null);
    }
}
