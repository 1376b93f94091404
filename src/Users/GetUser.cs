using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Users;

static class GetUserEndpoint
{
    public static async Task<Results<Ok<Profile>, ProblemHttpResult>> Handle(Guid userId, Caller caller, ServiceDatabase database, CancellationToken cancellationToken)
    {
        if (caller.UserId != userId && !caller.IsEmployee) return Problem.NotFound("user").ToResult();

        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<ProfileRow>(new CommandDefinition(
            $"select {ProfileRow.Columns} from users where user_id = @userId", new { userId }, cancellationToken: cancellationToken));
        return row is null ? Problem.NotFound("user").ToResult() : TypedResults.Ok(row.ToProfile());
    }
}
