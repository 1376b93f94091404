using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Problems;

namespace Rosa.Users;

public sealed record LoginRequest(
    [Required, MaxLength(Users.Email.Longest)] string Email,
    [Required, MaxLength(PasswordRules.Longest * 2)] string Password);

/// <summary>Does the same work whether or not somebody has the e-mail, so that its time tells nothing.</summary>
static class LoginEndpoint
{
    sealed record Account(Guid UserId, string PasswordHash, DateTime PasswordChangedAt);

    public static async Task<Results<Ok<SessionAnswer>, ProblemHttpResult>> Handle(
        LoginRequest request, HttpContext context, ClientAddress addresses, LoginThrottle throttle,
        PasswordHasher passwords, Sessions sessions, ServiceDatabase database, CancellationToken cancellationToken)
    {
        var email = Email.Normalise(request.Email);
        var address = addresses.Of(context);
        if (await throttle.CheckAsync(email, address, cancellationToken) is { } tooMany) return tooMany.ToResult();

        var account = await FindAsync(database, email, cancellationToken);
        if (!await passwords.VerifyAsync(request.Password, account?.PasswordHash, cancellationToken) || account is null)
            return (await throttle.CountFailureAsync(email, address, cancellationToken)).ToResult();

        // A right guess among many wrong ones that waited for their turn beside it comes too late as well.
        if (await throttle.CheckAsync(email, address, cancellationToken) is { } meanwhile) return meanwhile.ToResult();

        var session = NewSession.Create();
        if (await StartAsync(database, sessions.StartCommand(session, account.UserId, account.PasswordChangedAt), email, cancellationToken) is not { } role)
            return LoginThrottle.BadCredentials.ToResult();
        if (passwords.IsOutdated(account.PasswordHash)) await HashAnewAsync(database, passwords, account, request.Password, cancellationToken);
        return TypedResults.Ok(await sessions.AnswerAsync(account.UserId, role, session.SessionId, session.RefreshToken, cancellationToken));
    }

    static async Task<Account?> FindAsync(ServiceDatabase database, string email, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Account>(new CommandDefinition(
            "select user_id, password_hash, password_changed_at from users where lower(email) = @email", new { email }, cancellationToken: cancellationToken));
    }

    /// <summary>Returns the role, or null when the password was changed a moment ago.</summary>
    static async Task<string?> StartAsync(ServiceDatabase database, NpgsqlBatchCommand start, string email, CancellationToken cancellationToken)
    {
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(start);
        batch.BatchCommands.Add(LoginThrottle.ForgiveCommand(email));
        return (string?)await batch.ExecuteScalarAsync(cancellationToken);
    }

    static async Task HashAnewAsync(ServiceDatabase database, PasswordHasher passwords, Account account, string password, CancellationToken cancellationToken)
    {
        var hash = await passwords.HashAsync(password, cancellationToken);
        await using var command = database.Source.CreateCommand("update users set password_hash = $2 where user_id = $1 and password_hash = $3");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = account.UserId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = hash });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = account.PasswordHash });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
