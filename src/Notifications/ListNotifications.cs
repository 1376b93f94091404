using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Notifications.Templates;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Notifications;

/// <summary>A page of notifications, newest first.</summary>
public sealed record NotificationPage(IReadOnlyList<NotificationEntry> Notifications, long Total, int Page, int Limit);

/// <param name="UserId">Null while only the order is known, and when the user was deleted.</param>
/// <param name="Event">The event it tells of: <c>OrderCreated</c>.</param>
/// <param name="Channel"><c>email</c>, <c>sms</c> or <c>in-app</c>.</param>
/// <param name="Language"><c>fr</c> or <c>en</c>.</param>
/// <param name="Text">What it says in the shop; on no other channel.</param>
/// <param name="SentAt">Null until it is sent.</param>
/// <param name="Outcome"><c>PENDING</c>, <c>SENT</c>, <c>LOGGED</c> (kept here alone) or <c>FAILED</c>.</param>
/// <param name="Attempts">In the log alone.</param>
/// <param name="Error">In the log alone: why the last try failed.</param>
public sealed record NotificationEntry(
    Guid NotificationId, Guid? UserId, string Event, string Channel, string Language, string Subject,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? OrderId,
    DateTimeOffset? SentAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ReadAt,
    string Outcome,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Attempts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error);

/// <summary><c>GET /api/notifications?unread=</c>: what the caller was told in the shop.</summary>
static class ListOwnNotifications
{
    public static async Task<Results<Ok<NotificationPage>, ProblemHttpResult>> Handle(
        Caller caller, ServiceDatabase database, CancellationToken cancellationToken, bool unread = false, int page = 1, int limit = 20)
    {
        var own = new NotificationQuery { UserId = caller.UserId, Channel = Channel.InApp, Outcome = "SENT", Unread = unread };
        return await own.ReadAsync(database, page, limit, forEmployees: false, cancellationToken);
    }
}

/// <summary><c>GET /api/notifications/log</c>: everybody's, for employees.</summary>
static class ListNotificationLog
{
    public static async Task<Results<Ok<NotificationPage>, ProblemHttpResult>> Handle(
        ServiceDatabase database, CancellationToken cancellationToken,
        Guid? userId = null, Guid? orderId = null, string? @event = null, string? channel = null, string? outcome = null, int page = 1, int limit = 20)
    {
        if (@event is not null && Notices.All.All(notice => notice.Event != @event)) return Problem.Validation("event", "No notification tells of this event.").ToResult();
        if (channel is not (null or Channel.Email or Channel.Sms or Channel.InApp)) return Problem.Validation("channel", "One of email, sms, in-app.").ToResult();
        if (outcome is not (null or "PENDING" or "SENT" or "LOGGED" or "FAILED")) return Problem.Validation("outcome", "One of PENDING, SENT, LOGGED, FAILED.").ToResult();

        var log = new NotificationQuery { UserId = userId, OrderId = orderId, Event = @event, Channel = channel, Outcome = outcome };
        return await log.ReadAsync(database, page, limit, forEmployees: true, cancellationToken);
    }
}

/// <summary>Which notifications; what is null does not matter.</summary>
sealed record NotificationQuery
{
    public Guid? UserId { get; init; }
    public Guid? OrderId { get; init; }
    public string? Event { get; init; }
    public string? Channel { get; init; }
    public string? Outcome { get; init; }
    public bool Unread { get; init; }

    public async Task<Results<Ok<NotificationPage>, ProblemHttpResult>> ReadAsync(
        ServiceDatabase database, int page, int limit, bool forEmployees, CancellationToken cancellationToken)
    {
        if (page is < 1 or > 100_000) return Problem.Validation("page", "Pages count from 1 to 100,000.").ToResult();
        if (limit is < 1 or > 100) return Problem.Validation("limit", "The limit is 1 to 100.").ToResult();

        var (where, count) = Where();
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select count(*) from notifications where {where}"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            select notification_id, user_id, event, channel, language, subject, text, order_id, sent_at, read_at, outcome, attempts, error
            from notifications where {where}
            order by notification_id desc limit ${count + 1} offset ${count + 2}
            """));
        foreach (NpgsqlBatchCommand command in batch.BatchCommands) AddParameters(command);
        batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<long> { TypedValue = (page - 1L) * limit });

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var entries = new List<NotificationEntry>();
        while (await reader.ReadAsync(cancellationToken)) entries.Add(Entry(reader, forEmployees));
        return TypedResults.Ok(new NotificationPage(entries, total, page, limit));
    }

    /// <summary>The condition, and how many parameters it has; <see cref="AddParameters"/> adds them in the same order.</summary>
    (string Sql, int Parameters) Where()
    {
        var conditions = new List<string>();
        if (UserId is not null) conditions.Add($"user_id = ${conditions.Count + 1}");
        if (OrderId is not null) conditions.Add($"order_id = ${conditions.Count + 1}");
        if (Event is not null) conditions.Add($"event = ${conditions.Count + 1}");
        if (Channel is not null) conditions.Add($"channel = ${conditions.Count + 1}");
        if (Outcome is not null) conditions.Add($"outcome = ${conditions.Count + 1}");
        var parameters = conditions.Count;
        conditions.Add(Unread ? "read_at is null" : "true");
        return (string.Join(" and ", conditions), parameters);
    }

    void AddParameters(NpgsqlBatchCommand command)
    {
        foreach (var id in new[] { UserId, OrderId })
        {
            if (id is { } given) command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = given });
        }
        foreach (var text in new[] { Event, Channel, Outcome })
        {
            if (text is not null) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
        }
    }

    static NotificationEntry Entry(NpgsqlDataReader reader, bool forEmployees) => new(
        reader.GetGuid(0), Id(reader, 1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), Text(reader, 6), Id(reader, 7),
        Time(reader, 8), Time(reader, 9), reader.GetString(10), forEmployees ? reader.GetInt32(11) : null, forEmployees ? Text(reader, 12) : null);

    static Guid? Id(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);

    static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    static DateTimeOffset? Time(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : new DateTimeOffset(reader.GetDateTime(column));
}
