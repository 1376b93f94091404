using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Notifications;

/// <summary>A page of notifications, newest first.</summary>
public sealed record NotificationPage(IReadOnlyList<NotificationEntry> Notifications, long Total, int Page, int Limit);

/// <param name="Event">The event it tells of: <c>OrderCreated</c>.</param>
/// <param name="Channel"><c>email</c>.</param>
/// <param name="Language"><c>fr</c> or <c>en</c>.</param>
/// <param name="SentAt">Null until it is sent.</param>
/// <param name="Outcome"><c>PENDING</c>, <c>SENT</c>, <c>LOGGED</c> (kept here alone) or <c>FAILED</c>.</param>
public sealed record NotificationEntry(
    Guid NotificationId, Guid UserId, string Event, string Channel, string Language, string Subject,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? OrderId,
    DateTimeOffset? SentAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ReadAt,
    string Outcome);

/// <summary><c>GET /api/notifications?unread=</c>, the caller's own, and <c>GET /api/notifications/log</c>, everybody's, for employees.</summary>
static class ListNotifications
{
    public static Task<Results<Ok<NotificationPage>, ProblemHttpResult>> Own(
        Caller caller, ServiceDatabase database, CancellationToken cancellationToken, bool unread = false, int page = 1, int limit = 20) =>
        ReadAsync(database, caller.UserId, unread, page, limit, cancellationToken);

    public static Task<Results<Ok<NotificationPage>, ProblemHttpResult>> Log(
        ServiceDatabase database, CancellationToken cancellationToken, int page = 1, int limit = 20) =>
        ReadAsync(database, ofUser: null, unread: false, page, limit, cancellationToken);

    static async Task<Results<Ok<NotificationPage>, ProblemHttpResult>> ReadAsync(
        ServiceDatabase database, Guid? ofUser, bool unread, int page, int limit, CancellationToken cancellationToken)
    {
        if (page is < 1 or > 100_000) return Problem.Validation("page", "Pages count from 1 to 100,000.").ToResult();
        if (limit is < 1 or > 100) return Problem.Validation("limit", "The limit is 1 to 100.").ToResult();

        var where = (ofUser, unread) switch
        {
            (null, _) => "true",
            (_, false) => "user_id = $1",
            (_, true) => "user_id = $1 and read_at is null",
        };
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select count(*) from notifications where {where}"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            select notification_id, user_id, event, channel, language, subject, order_id, sent_at, read_at, outcome
            from notifications where {where}
            order by notification_id desc limit ${(ofUser is null ? 1 : 2)} offset ${(ofUser is null ? 2 : 3)}
            """));
        if (ofUser is { } userId) foreach (var command in batch.BatchCommands) command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<long> { TypedValue = (page - 1L) * limit });

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var entries = new List<NotificationEntry>();
        while (await reader.ReadAsync(cancellationToken))
            entries.Add(new NotificationEntry(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5),
                reader.IsDBNull(6) ? null : reader.GetGuid(6), Time(reader, 7), Time(reader, 8), reader.GetString(9)));
        return TypedResults.Ok(new NotificationPage(entries, total, page, limit));
    }

    static DateTimeOffset? Time(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : new DateTimeOffset(reader.GetDateTime(column));
}
