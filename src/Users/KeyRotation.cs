namespace Rosa.Users;

/// <summary>Has a key ready before the service takes requests, and looks every minute whether the next one is due.</summary>
sealed partial class KeyRotation(SigningKeys keys, TimeProvider clock, ILogger<KeyRotation> logger) : BackgroundService
{
    static readonly TimeSpan every = TimeSpan.FromMinutes(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.RunOnceAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await keys.RunOnceAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception.Message);
            }
        }
    }

    static partial class Log
    {
        [LoggerMessage(111, LogLevel.Warning, "The signing keys could not be looked after and are again in a minute: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
