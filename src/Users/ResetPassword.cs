using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Problems;

namespace Rosa.Users;

/// <param name="Token">From the link in the mail.</param>
public sealed record ResetPasswordRequest([Required, MaxLength(200)] string Token, [Required, Password] string NewPassword);

/// <summary><c>POST /api/users/password-reset/confirm</c>: sets the password, ends every session, and makes all links of this kind worthless.</summary>
static class ResetPasswordEndpoint
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        ResetPasswordRequest request, PasswordHasher passwords, ServiceDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var token = OneTimeLinks.HashOf(request.Token);

        // Looked up first: a hash costs a tenth of a second, which guesses are not worth.
        if (await OwnerAsync(database, token, now, cancellationToken) is not { } userId) return OneTimeLinks.NotGood.ToResult();
        var hash = await passwords.HashAsync(request.NewPassword, cancellationToken);
        return await ReplaceAsync(database, userId, token, hash, now, cancellationToken) ? TypedResults.NoContent() : OneTimeLinks.NotGood.ToResult();
    }

    static async Task<Guid?> OwnerAsync(ServiceDatabase database, byte[] token, DateTime now, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("select user_id from one_time_tokens where token_hash = $1 and purpose = 'reset-password' and expires_at > $2");
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = token });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now });
        return (Guid?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Uses the token up and sets the password; false when it was used meanwhile. Who got the mail has shown that the address is theirs.</summary>
    static async Task<bool> ReplaceAsync(ServiceDatabase database, Guid userId, byte[] token, string hash, DateTime now, CancellationToken cancellationToken)
    {
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            with used as (delete from one_time_tokens where token_hash = $1 and expires_at > $3 returning user_id)
            update users set password_hash = $2, password_changed_at = $3, email_verified_at = coalesce(email_verified_at, $3)
            from used where users.user_id = used.user_id
            """)
        {
            Parameters =
            {
                new NpgsqlParameter<byte[]> { TypedValue = token },
                new NpgsqlParameter<string> { TypedValue = hash },
                new NpgsqlParameter<DateTime> { TypedValue = now },
            },
        });

        // Each a statement of its own, so that it sees what was begun beside this one; and only if the password is now this one.
        var endSessions = Afterwards("update sessions set ended_at = $3, end_reason = 'password' where user_id = $1 and ended_at is null and exists (select from users where user_id = $1 and password_hash = $2)");
        endSessions.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now });
        batch.BatchCommands.Add(endSessions);
        batch.BatchCommands.Add(Afterwards("delete from one_time_tokens where user_id = $1 and purpose = 'reset-password' and exists (select from users where user_id = $1 and password_hash = $2)"));
        batch.BatchCommands.Add(Afterwards("delete from login_failures using users where user_id = $1 and password_hash = $2 and login_failures.email = lower(users.email)"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[0].RecordsAffected == 1;

        NpgsqlBatchCommand Afterwards(string sql) => new(sql)
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = userId }, new NpgsqlParameter<string> { TypedValue = hash } },
        };
    }
}
