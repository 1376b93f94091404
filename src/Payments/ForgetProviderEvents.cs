using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Platform.Database;

namespace Rosa.Payments;

/// <summary>Every hour forgets the provider's events that are older than <see cref="PaymentsOptions.KeepProviderEvents"/>.</summary>
sealed partial class ForgetProviderEvents(ServiceDatabase database, IOptions<PaymentsOptions> options, TimeProvider clock, ILogger<ForgetProviderEvents> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
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
        await using var command = database.Source.CreateCommand("delete from provider_events where received_at < now() - $1");
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.Value.KeepProviderEvents });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(76, LogLevel.Warning, "Forgetting old events of the provider failed and is tried again in an hour: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
