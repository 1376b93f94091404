using Microsoft.Extensions.Options;
using Npgsql;

namespace Rosa.Catalog;

/// <summary>Puts goods back on the shelf that were held for orders which never came to an end.</summary>
sealed partial class ReservationExpiry(
    NpgsqlDataSource source, Reservations reservations, IOptions<CatalogOptions> options, TimeProvider clock, ILogger<ReservationExpiry> logger) : BackgroundService
{
    const int MostAtOnce = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ExpirySweepEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    while (await RunOnceAsync(stoppingToken) == MostAtOnce) { }
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    Log.Failed(logger, exception.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    /// <summary>Ends the reservations that are over, oldest first. Returns how many it looked at.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var due = new List<Guid>();
        await using (var command = source.CreateCommand("select order_id from reservations where state = 1 and expires_at <= $1 order by expires_at limit $2"))
        {
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostAtOnce });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) due.Add(reader.GetGuid(0));
        }
        await Task.WhenAll(due.Select(orderId => reservations.AskAsync(new ReservationCommand.Expire(orderId, now), cancellationToken)));
        return due.Count;
    }

    static partial class Log
    {
        [LoggerMessage(110, LogLevel.Warning, "Reservations that are over could not be ended and are tried again: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
