using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Problems;

namespace Rosa.Users;

/// <summary><c>GET /api/users/{userId}/followers</c> and <c>/following</c>, the newest first.</summary>
static class ListFollowsEndpoint
{
    public static Task<Results<Ok<PeoplePage>, ProblemHttpResult>> Followers(
        Guid userId, ServiceDatabase database, CancellationToken cancellationToken, int page = 1, int limit = 20) =>
        ReadAsync(userId, of: "followed_id", listed: "follower_id", database, page, limit, cancellationToken);

    public static Task<Results<Ok<PeoplePage>, ProblemHttpResult>> Following(
        Guid userId, ServiceDatabase database, CancellationToken cancellationToken, int page = 1, int limit = 20) =>
        ReadAsync(userId, of: "follower_id", listed: "followed_id", database, page, limit, cancellationToken);

    static async Task<Results<Ok<PeoplePage>, ProblemHttpResult>> ReadAsync(
        Guid userId, string of, string listed, ServiceDatabase database, int page, int limit, CancellationToken cancellationToken)
    {
        if (People.Refusal(page, limit) is { } refusal) return refusal.ToResult();

        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select (select count(*) from follows where {of} = $1) from users where user_id = $1"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            select person.user_id, person.first_name, person.last_name
            from follows join users person on person.user_id = follows.{listed}
            where follows.{of} = $1
            order by follows.followed_at desc, person.user_id
            limit $2 offset $3
            """));
        foreach (var command in batch.BatchCommands) command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<long> { TypedValue = (page - 1L) * limit });

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return Problem.NotFound("user").ToResult();
        var total = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        return TypedResults.Ok(new PeoplePage(await People.ReadAsync(reader, withRole: false, cancellationToken), total, page, limit));
    }
}
