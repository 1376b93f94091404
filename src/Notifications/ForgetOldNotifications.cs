using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Platform.Database;

namespace Rosa.Notifications;

/// <summary>Every hour takes out of the send log what is older than it remembers.</summary>
sealed partial class ForgetOldNotifications(
    ServiceDatabase database, IOptions<NotificationsOptions> options, TimeProvider clock, ILogger<ForgetOldNotifications> logger) : BackgroundService
{
    const int BatchSize = 10_000;
    static readonly TimeSpan every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await RunOnceAsync(stoppingToken) == BatchSize) { }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception.Message);
            }
        }
    }

    /// <summary>Forgets up to a batch. Returns how many. Ids rise with time, so the oldest are found by the primary key.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            delete from notifications where notification_id in (
              select notification_id from notifications where notification_id < $1 and outcome <> 'PENDING' order by notification_id limit $2)
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7(clock.GetUtcNow() - options.Value.KeptFor) });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(163, LogLevel.Warning, "Old notifications could not be forgotten; tried again in an hour: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
