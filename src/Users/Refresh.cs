using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Idempotency;
using Rosa.Platform.Problems;

namespace Rosa.Users;

public sealed record RefreshRequest([Required, MaxLength(200)] string RefreshToken);

/// <summary>
/// Exchanges a refresh token for new tokens. Of two requests with the same token one wins; the other is a reuse, as a thief's would be, and
/// ends the session for both.
/// </summary>
/// <remarks>
/// Who did not hear the answer may ask again with the same <c>Idempotency-Key</c>: the next token is made of the old one and the key, so that a repetition
/// comes to the same one, and a thief of the old one, without the key, does not.
/// </remarks>
static partial class RefreshEndpoint
{
    public const int ShortestKey = 32;

    public const string AboutKey =
        "Random, and new for every exchange. Who did not hear the answer sends token and key again within 24 hours and gets the same next refresh token; without its key a second use of a token ends the session.";

    static readonly Problem KeyTooShort = Problem.Validation("Idempotency-Key", $"Here an Idempotency-Key guards the session: {ShortestKey} characters or more, chosen at random.");

    static readonly Problem NotGood = new(ProblemKind.Unauthenticated, "BAD_REFRESH_TOKEN", "This refresh token is not good, or no more. Log in again.");

    sealed record Renewed(Guid SessionId, Guid UserId, string Role);

    public static async Task<Results<Ok<SessionAnswer>, ProblemHttpResult>> Handle(
        RefreshRequest request, HttpContext context, Sessions sessions, ServiceDatabase database, TimeProvider clock, ILogger<Sessions> logger, CancellationToken cancellationToken)
    {
        var (key, problem) = IdempotencyKey.Read(context, scope: "refresh", []);
        if (problem is not null) return problem.ToResult();
        if (key is { Key.Length: < ShortestKey }) return KeyTooShort.ToResult();

        var now = clock.GetUtcNow().UtcDateTime;
        var old = RefreshToken.Of(request.RefreshToken);
        var fresh = key is null ? RefreshToken.New() : old.Next(key.Key);
        var renewed = await ExchangeAsync(database, old, fresh, now, sessions.RefreshTokenExpiry, cancellationToken);
        if (renewed is null && key is not null) renewed = await FindExchangeAsync(database, old, fresh, since: now - IdempotencyKeys.KeptFor, cancellationToken);
        if (renewed is not null)
            return TypedResults.Ok(await sessions.AnswerAsync(renewed.UserId, renewed.Role, renewed.SessionId, fresh, cancellationToken));

        if (await EndIfReusedAsync(database, old, now, cancellationToken) is { } ended) Log.Reused(logger, ended);
        return NotGood.ToResult();
    }

    static async Task<Renewed?> ExchangeAsync(
        ServiceDatabase database, RefreshToken old, RefreshToken fresh, DateTime now, DateTime expiresAt, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            with used as (
              update refresh_tokens token set used_at = $3
              from sessions session join users person on person.user_id = session.user_id
              where token.token_hash = $1 and token.used_at is null and token.expires_at > $3
                and session.session_id = token.session_id and session.ended_at is null
              returning session.session_id, person.user_id, person.role
            ), fresh as (
              insert into refresh_tokens (token_hash, session_id, expires_at) select $2, session_id, $4 from used
            )
            select session_id, user_id, role from used
            """);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = old.Hash });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = fresh.Hash });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = expiresAt });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new Renewed(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2)) : null;
    }

    /// <summary>The exchange of one token for the other, when it was made and the other is good still.</summary>
    static async Task<Renewed?> FindExchangeAsync(ServiceDatabase database, RefreshToken old, RefreshToken fresh, DateTime since, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            select session.session_id, person.user_id, person.role
            from refresh_tokens old
            join refresh_tokens fresh on fresh.session_id = old.session_id and fresh.token_hash = $2 and fresh.used_at is null
            join sessions session on session.session_id = old.session_id and session.ended_at is null
            join users person on person.user_id = session.user_id
            where old.token_hash = $1 and old.used_at >= $3
            """);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = old.Hash });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = fresh.Hash });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = since });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new Renewed(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2)) : null;
    }

    /// <summary>Ends the session of a token that was used before; returns it when this ended it.</summary>
    static async Task<Guid?> EndIfReusedAsync(ServiceDatabase database, RefreshToken token, DateTime now, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            update sessions session set ended_at = $2, end_reason = 'reuse'
            from refresh_tokens token
            where token.token_hash = $1 and token.used_at is not null and session.session_id = token.session_id and session.ended_at is null
            returning session.session_id
            """);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = token.Hash });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now });
        return (Guid?)await command.ExecuteScalarAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(100, LogLevel.Warning, "A refresh token of session {SessionId} was used twice; the session is ended")]
        public static partial void Reused(ILogger logger, Guid sessionId);
    }
}
