using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Users;

/// <summary>What anybody who is signed in sees of somebody.</summary>
/// <param name="Followers">How many follow them.</param>
/// <param name="Following">How many they follow.</param>
public sealed record PublicProfile(Guid UserId, string DisplayName, long Followers, long Following, bool FollowedByMe);

static class GetPublicProfileEndpoint
{
    public static async Task<Results<Ok<PublicProfile>, ProblemHttpResult>> Handle(Guid userId, Caller caller, ServiceDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            select first_name, last_name,
                   (select count(*) from follows where followed_id = $1),
                   (select count(*) from follows where follower_id = $1),
                   exists (select from follows where follower_id = $2 and followed_id = $1)
            from users where user_id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = caller.UserId!.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return Problem.NotFound("user").ToResult();
        return TypedResults.Ok(new PublicProfile(
            userId, Person.NameOf(reader.GetString(0), reader.GetString(1)), reader.GetInt64(2), reader.GetInt64(3), reader.GetBoolean(4)));
    }
}
