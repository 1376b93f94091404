using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Contracts.Users;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Users;

/// <summary><c>PUT</c> and <c>DELETE /api/users/{userId}/follow</c>: repeating changes nothing and tells nobody.</summary>
static class FollowUserEndpoint
{
    static readonly Problem Oneself = new(ProblemKind.Refused, "CANNOT_FOLLOW_SELF", "Nobody follows themselves.");

    public static async Task<Results<NoContent, ProblemHttpResult>> Follow(
        Guid userId, Caller caller, ServiceDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var me = caller.UserId!.Value;
        if (userId == me) return Oneself.ToResult();

        var now = clock.GetUtcNow();
        var follow = database.Events.ChangeAndTell(
            "changed as (insert into follows (follower_id, followed_id, followed_at) values ($5, $6, $7) on conflict do nothing returning 1)",
            new UserFollowed(FollowerId: me, FollowedId: userId, now));
        follow.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = me });
        follow.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        follow.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        try
        {
            await database.ChangeAsync(follow, cancellationToken);
            return TypedResults.NoContent();
        }
        catch (PostgresException unknown) when (unknown.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return Problem.NotFound("user").ToResult();
        }
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> Unfollow(
        Guid userId, Caller caller, ServiceDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var me = caller.UserId!.Value;
        if (userId == me) return Oneself.ToResult();

        var unfollow = database.Events.ChangeAndTell(
            "changed as (delete from follows where follower_id = $5 and followed_id = $6 returning 1)",
            new UserUnfollowed(FollowerId: me, FollowedId: userId, clock.GetUtcNow()));
        unfollow.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = me });
        unfollow.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        if (await database.ChangeAsync(unfollow, cancellationToken)) return TypedResults.NoContent();

        await using var known = database.Source.CreateCommand("select exists (select from users where user_id = $1)");
        known.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        return (bool)(await known.ExecuteScalarAsync(cancellationToken))! ? TypedResults.NoContent() : Problem.NotFound("user").ToResult();
    }
}
