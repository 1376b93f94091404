using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Users;

public sealed record ChangePasswordRequest(
    [Required, MaxLength(PasswordRules.Longest * 2)] string CurrentPassword,
    [Required, Password] string NewPassword);

/// <summary>The current password is asked for, and guesses at it are throttled, because a token may be a thief's.</summary>
static class ChangePasswordEndpoint
{
    sealed record Account(string Email, string PasswordHash);

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid userId, ChangePasswordRequest request, Caller caller, HttpContext context, ClientAddress addresses, LoginThrottle throttle,
        PasswordHasher passwords, ServiceDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (caller.UserId != userId || await FindAsync(database, userId, cancellationToken) is not { } account) return Problem.NotFound("user").ToResult();

        var email = Email.Normalise(account.Email);
        var address = addresses.Of(context);
        if (await throttle.CheckAsync(email, address, cancellationToken) is { } tooMany) return tooMany.ToResult();
        if (!await passwords.VerifyAsync(request.CurrentPassword, account.PasswordHash, cancellationToken))
            return (await throttle.CountFailureAsync(email, address, cancellationToken)).ToResult();
        if (await throttle.CheckAsync(email, address, cancellationToken) is { } meanwhile) return meanwhile.ToResult();
        if (request.NewPassword == request.CurrentPassword) return Problem.Validation("newPassword", "The new password is the current one.").ToResult();

        var newHash = await passwords.HashAsync(request.NewPassword, cancellationToken);
        var changed = await ReplaceAsync(database, userId, account.PasswordHash, newHash, caller.SessionId, clock.GetUtcNow().UtcDateTime, cancellationToken);
        return changed ? TypedResults.NoContent() : LoginThrottle.BadCredentials.ToResult();
    }

    static async Task<Account?> FindAsync(ServiceDatabase database, Guid userId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Account>(new CommandDefinition(
            "select email, password_hash from users where user_id = @userId", new { userId }, cancellationToken: cancellationToken));
    }

    /// <summary>Sets the password, and ends every session but this one and every link to choose another; false when another change came first.</summary>
    static async Task<bool> ReplaceAsync(
        ServiceDatabase database, Guid userId, string oldHash, string newHash, Guid? thisSession, DateTime now, CancellationToken cancellationToken)
    {
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("update users set password_hash = $3, password_changed_at = $4 where user_id = $1 and password_hash = $2")
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = userId },
                new NpgsqlParameter<string> { TypedValue = oldHash },
                new NpgsqlParameter<string> { TypedValue = newHash },
                new NpgsqlParameter<DateTime> { TypedValue = now },
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            update sessions set ended_at = $3, end_reason = 'password'
            where user_id = $1 and session_id <> $2 and ended_at is null
              and exists (select from users where user_id = $1 and password_hash = $4)
            """)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = userId },
                new NpgsqlParameter<Guid> { TypedValue = thisSession ?? Guid.Empty },
                new NpgsqlParameter<DateTime> { TypedValue = now },
                new NpgsqlParameter<string> { TypedValue = newHash },
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "delete from one_time_tokens where user_id = $1 and purpose = 'reset-password' and exists (select from users where user_id = $1 and password_hash = $2)")
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = userId }, new NpgsqlParameter<string> { TypedValue = newHash } },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[0].RecordsAffected == 1;
    }
}
