using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Notifications;

/// <summary><c>POST /api/notifications/{id}/read</c>.</summary>
static class ReadNotification
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid id, Caller caller, ServiceDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("update notifications set read_at = coalesce(read_at, $3) where notification_id = $1 and user_id = $2 and channel = 'in-app'");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = caller.UserId!.Value });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1 ? TypedResults.NoContent() : Problem.NotFound("notification").ToResult();
    }
}
