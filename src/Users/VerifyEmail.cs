using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Contracts.Users;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Users;

/// <param name="Token">From the link in the mail.</param>
public sealed record VerifyEmailRequest([Required, MaxLength(200)] string Token);

static class VerifyEmailEndpoint
{
    /// <summary><c>POST /api/users/verify-email</c>: whoever has the link reads the mail of that address.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> Verify(
        VerifyEmailRequest request, ServiceDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            with used as (
              delete from one_time_tokens where token_hash = $1 and purpose = 'verify-email' and expires_at > $2 returning user_id
            )
            update users set email_verified_at = coalesce(email_verified_at, $2) from used where users.user_id = used.user_id
            """);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = OneTimeLinks.HashOf(request.Token) });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1 ? TypedResults.NoContent() : OneTimeLinks.NotGood.ToResult();
    }

    /// <summary><c>POST /api/users/{userId}/verify-email</c>: another mail, a minute after the last at the earliest.</summary>
    public static async Task<Results<Accepted, ProblemHttpResult>> AskAgain(
        Guid userId, Caller caller, ServiceDatabase database, IOptions<UsersOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (caller.UserId != userId) return Problem.NotFound("user").ToResult();

        var now = clock.GetUtcNow();
        var ask = database.Events.ChangeAndTell(
            "changed as (update users set verification_asked_at = $6 where user_id = $5 and (verification_asked_at is null or verification_asked_at <= $7) returning 1)",
            new EmailVerificationRequested(userId, now));
        ask.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        ask.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        ask.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (now - options.Value.VerifyMailEvery).UtcDateTime });
        if (await database.ChangeAsync(ask, cancellationToken)) return TypedResults.Accepted((string?)null);
        return new Problem(
            ProblemKind.TooMany, "TOO_MANY_ATTEMPTS", "A mail is on its way. Look for it, and ask again later.", (int)Math.Ceiling(options.Value.VerifyMailEvery.TotalSeconds)).ToResult();
    }
}
