using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Notifications;

/// <summary><c>POST /api/notifications/log/{id}/send-again</c>: gives a notification that failed for good its tries once more.</summary>
static partial class SendAgain
{
    static readonly Problem NotFailed = new(ProblemKind.Conflict, "NOT_FAILED", "Only what has failed is sent again.");

    public static async Task<Results<Accepted, ProblemHttpResult>> Handle(
        Guid id, Caller caller, ServiceDatabase database, SendNotifications sender, TimeProvider clock, ILogger<SendNotifications> logger, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            with again as (
              update notifications set outcome = 'PENDING', attempts = 0, due_at = $2, created_at = $2, error = null
              where notification_id = $1 and outcome = 'FAILED' and data is not null returning 1
            )
            select exists (select from again), exists (select from notifications where notification_id = $1)
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (!reader.GetBoolean(1)) return Problem.NotFound("notification").ToResult();
        if (!reader.GetBoolean(0)) return NotFailed.ToResult();

        Log.SentAgain(logger, id, caller.UserId);
        sender.Wake();
        return TypedResults.Accepted((string?)null);
    }

    static partial class Log
    {
        [LoggerMessage(165, LogLevel.Information, "Notification {NotificationId} is sent again, asked for by {EmployeeId}")]
        public static partial void SentAgain(ILogger logger, Guid notificationId, Guid? employeeId);
    }
}
