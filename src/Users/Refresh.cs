using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Problems;

namespace Rosa.Users;

public sealed record RefreshRequest([Required, MaxLength(200)] string RefreshToken);

/// <summary>
/// Exchanges a refresh token for new tokens. Of two requests with the same token one wins; the other is a reuse, as a thief's would be, and
/// ends the session for both.
/// </summary>
static partial class RefreshEndpoint
{
    static readonly Problem NotGood = new(ProblemKind.Unauthenticated, "BAD_REFRESH_TOKEN", "This refresh token is not good, or no more. Log in again.");

    sealed record Renewed(Guid SessionId, Guid UserId, string Role);

    public static async Task<Results<Ok<SessionAnswer>, ProblemHttpResult>> Handle(
        RefreshRequest request, Sessions sessions, ServiceDatabase database, TimeProvider clock, ILogger<Sessions> logger, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var old = RefreshToken.Of(request.RefreshToken);
        var fresh = RefreshToken.New();
        if (await ExchangeAsync(database, old, fresh, now, sessions.RefreshTokenExpiry, cancellationToken) is { } renewed)
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
