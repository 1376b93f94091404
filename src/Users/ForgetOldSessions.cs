using Npgsql;
using Rosa.Platform.Database;

namespace Rosa.Users;

/// <summary>Every hour deletes refresh tokens and links that have expired, sessions without any token, and failures, requests and deletions that count no more.</summary>
sealed partial class ForgetOldSessions(
    ServiceDatabase database, LoginThrottle throttle, AnswerPasswordResets resets, DeletedUsersFeed deleted, TimeProvider clock, ILogger<ForgetOldSessions> logger) : BackgroundService
{
    static readonly TimeSpan every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception.Message);
            }
        }
    }

    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from refresh_tokens where expires_at <= $1")
        {
            Parameters = { new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from one_time_tokens where expires_at <= $1")
        {
            Parameters = { new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "delete from sessions session where not exists (select from refresh_tokens token where token.session_id = session.session_id)"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await throttle.ForgetAsync(cancellationToken);
        await resets.ForgetAsync(cancellationToken);
        await deleted.ForgetAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(130, LogLevel.Warning, "Old sessions could not be deleted and are again in an hour: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
