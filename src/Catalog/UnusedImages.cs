using Npgsql;
using Rosa.Platform.Messaging;

namespace Rosa.Catalog;

/// <summary>Deletes from the image store what no picture shows: what was removed, and what an upload that died left behind.</summary>
sealed partial class UnusedImages(NpgsqlDataSource source, IImageStore store, TimeProvider clock, ILogger<UnusedImages> logger) : BackgroundService
{
    const int MostAtOnce = 100;
    static readonly TimeSpan lookEvery = TimeSpan.FromMinutes(1);

    readonly OutboxSignal woken = new();

    public void Wake() => woken.Wake();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await woken.WaitAsync(lookEvery, stoppingToken);
                while (await RunOnceAsync(stoppingToken) == MostAtOnce) { }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception.Message);
            }
            catch (OperationCanceledException)
            {
                // The service stops.
            }
        }
    }

    /// <summary>First in the store and then in the table: who dies in between does it again. Returns how many there were.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var due = new List<string>();
        await using (var command = source.CreateCommand("select name from unused_images where due_at <= $1 order by due_at limit $2"))
        {
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostAtOnce });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) due.Add(reader.GetString(0));
        }
        foreach (var name in due)
        {
            await store.DeleteAsync(name, cancellationToken);
            await using var command = source.CreateCommand("delete from unused_images where name = $1");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        return due.Count;
    }

    static partial class Log
    {
        [LoggerMessage(112, LogLevel.Warning, "Pictures that nobody shows could not be deleted and are tried again: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
