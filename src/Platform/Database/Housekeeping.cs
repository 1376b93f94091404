using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rosa.Platform.Idempotency;

namespace Rosa.Platform.Database;

/// <summary>Every hour forgets idempotency keys after a day, handled events after a week and the audit log after two years, so that no table grows for ever.</summary>
public sealed partial class Housekeeping(ServiceDatabase database, IdempotencyKeys keys, TimeProvider clock, ILogger<Housekeeping> logger) : BackgroundService
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
        await keys.PurgeAsync(cancellationToken);
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new("delete from inbox where handled_at < now() - interval '7 days'"));
        batch.BatchCommands.Add(new("delete from audit where at < now() - interval '2 years'"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(50, LogLevel.Warning, "Housekeeping failed and is tried again in an hour: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
