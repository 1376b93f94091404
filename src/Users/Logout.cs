using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;

namespace Rosa.Users;

public sealed record LogoutRequest([Required, MaxLength(200)] string RefreshToken);

static class LogoutEndpoint
{
    /// <summary>Ends the session, by any refresh token that it ever had. A token unknown or of somebody else changes nothing and is no error.</summary>
    public static async Task<NoContent> Handle(LogoutRequest request, Caller caller, ServiceDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            update sessions session set ended_at = $3, end_reason = 'logout'
            from refresh_tokens token
            where token.token_hash = $1 and session.session_id = token.session_id and session.user_id = $2 and session.ended_at is null
            """);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = RefreshToken.Of(request.RefreshToken).Hash });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = caller.UserId!.Value });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
