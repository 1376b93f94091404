using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Contracts.Users;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Users;

/// <summary>
/// Erases an account: here at once and for good, elsewhere by <see cref="UserDeleted"/>. What stays is who made whom what, by id alone. The
/// answer comes when all services know that the account's tokens are good no more.
/// </summary>
static class DeleteUserEndpoint
{
    const long OneAtATime = 0x44656C65;   // "Dele"

    static readonly Problem LastAdmin = new(ProblemKind.Refused, "LAST_ADMIN", "A shop without an admin could never have one again. Make somebody else an admin first.");
    static readonly Problem NotAllowed = new(ProblemKind.Forbidden, "FORBIDDEN", "Only admins delete other people's accounts.");

    sealed record Account(Guid UserId, string Role);

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid userId, Caller caller, ServiceDatabase database, DeletedUsersFeed feed, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (caller.UserId != userId && !caller.IsAdmin) return (caller.IsEmployee ? NotAllowed : Problem.NotFound("user")).ToResult();

        await using (var transaction = await database.BeginAsync(cancellationToken))
        {
            if (await RefusalAsync(userId, caller.UserId!.Value, transaction, cancellationToken) is { } refusal) return refusal.ToResult();
            await EraseAsync(userId, clock.GetUtcNow(), transaction, cancellationToken);
            await transaction.PublishAsync(new UserDeleted(userId), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        await feed.TellAsync(CancellationToken.None);
        return TypedResults.NoContent();
    }

    /// <summary>One deletion at a time, so that the last two admins cannot both go.</summary>
    static async Task<Problem?> RefusalAsync(Guid userId, Guid callerId, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await transaction.Connection.ExecuteAsync(new CommandDefinition(
            $"select pg_advisory_xact_lock({OneAtATime})", transaction: transaction.Transaction, cancellationToken: cancellationToken));
        var accounts = (await transaction.Connection.QueryAsync<Account>(new CommandDefinition(
            "select user_id, role from users where user_id = any (@ids) order by user_id for update",
            new { ids = new[] { userId, callerId } }, transaction.Transaction, cancellationToken: cancellationToken))).ToList();
        if (accounts.Find(account => account.UserId == userId) is not { } account) return Problem.NotFound("user");
        if (callerId != userId && accounts.Find(other => other.UserId == callerId) is not { Role: Roles.Admin }) return NotAllowed;

        if (account.Role != Roles.Admin) return null;
        var others = await transaction.Connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select count(*) from users where role = 'admin' and user_id <> @userId", new { userId }, transaction.Transaction, cancellationToken: cancellationToken));
        return others == 0 ? LastAdmin : null;
    }

    /// <summary>Sessions, follows and one-time links go with the row.</summary>
    static Task EraseAsync(Guid userId, DateTimeOffset now, DatabaseTransaction transaction, CancellationToken cancellationToken) =>
        transaction.Connection.ExecuteAsync(new CommandDefinition(
            """
            delete from login_failures using users where users.user_id = @userId and login_failures.email = lower(users.email);
            delete from password_reset_requests using users where users.user_id = @userId and password_reset_requests.email = lower(users.email);
            delete from users where user_id = @userId;
            insert into deleted_users (user_id, deleted_at) values (@userId, @now);
            """, new { userId, now }, transaction.Transaction, cancellationToken: cancellationToken));
}
