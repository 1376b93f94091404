using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Users;

/// <param name="Purpose"><c>verify-email</c> or <c>reset-password</c>.</param>
public sealed record OneTimeTokenRequest([Required, AllowedValues(OneTimeLinks.VerifyEmail, OneTimeLinks.ResetPassword)] string Purpose);

/// <param name="Token">256 random bits; nothing but their SHA-256 is kept.</param>
public sealed record OneTimeTokenAnswer(string Token, DateTimeOffset ExpiresAt);

/// <summary>
/// The secrets in one-time links. One is made when the mail that carries it is written, and given to Notifications alone: so it is in no event, no
/// outbox, no table and no log, only in that mail, and here as a hash. A mail that is tried again carries another one.
/// </summary>
static class OneTimeLinks
{
    public const string VerifyEmail = "verify-email";
    public const string ResetPassword = "reset-password";

    /// <summary>Of the links that somebody was mailed, so many newest are good.</summary>
    const int GoodAtOnce = 5;

    public static readonly Problem NotGood = new(ProblemKind.Refused, "LINK_EXPIRED", "This link is not good, or no more. Ask for a new one.");

    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary><c>POST /internal/users/{userId}/one-time-tokens</c></summary>
    public static async Task<Results<Ok<OneTimeTokenAnswer>, ProblemHttpResult>> Issue(
        Guid userId, OneTimeTokenRequest request, Caller caller, ServiceDatabase database, IOptions<UsersOptions> options, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        // Whoever has such a token can take the account over.
        if (caller.Service != "notifications") return new Problem(ProblemKind.Forbidden, "FORBIDDEN", "Only Notifications writes these mails.").ToResult();

        var now = clock.GetUtcNow();
        var answer = new OneTimeTokenAnswer(
            Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)),
            now + (request.Purpose == ResetPassword ? options.Value.ResetLinkLifetime : options.Value.VerifyLinkLifetime));
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            insert into one_time_tokens (token_hash, user_id, purpose, created_at, expires_at)
            select $1, user_id, $3, $4, $5 from users where user_id = $2
            """)
        {
            Parameters =
            {
                new NpgsqlParameter<byte[]> { TypedValue = HashOf(answer.Token) },
                new NpgsqlParameter<Guid> { TypedValue = userId },
                new NpgsqlParameter<string> { TypedValue = request.Purpose },
                new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime },
                new NpgsqlParameter<DateTime> { TypedValue = answer.ExpiresAt.UtcDateTime },
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            delete from one_time_tokens where token_hash in (
              select token_hash from one_time_tokens where user_id = $1 and purpose = $2 order by created_at desc offset $3)
            """)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = userId },
                new NpgsqlParameter<string> { TypedValue = request.Purpose },
                new NpgsqlParameter<int> { TypedValue = GoodAtOnce },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[0].RecordsAffected == 1 ? TypedResults.Ok(answer) : Problem.NotFound("user").ToResult();
    }
}
