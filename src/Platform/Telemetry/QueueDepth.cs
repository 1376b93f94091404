using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Rosa.Platform.Telemetry;

/// <summary>How many events wait in the service's outbox and inbox; asked of the database when somebody looks, at most every five seconds.</summary>
sealed class QueueDepth(IServiceProvider services, TimeProvider clock) : IDisposable
{
    static readonly TimeSpan keptFor = TimeSpan.FromSeconds(5);
    static readonly TimeSpan askedFor = TimeSpan.FromSeconds(2);

    /// <param name="Outbox">Told by a commit, not yet handed over.</param>
    /// <param name="Inbox">Received, not yet handled.</param>
    /// <param name="Parked">Given up after the last try; a person decides.</param>
    public sealed record Depth(long Outbox, long Inbox, long Parked);

    readonly SemaphoreSlim asking = new(1);
    Depth? known;
    DateTimeOffset askedAt = DateTimeOffset.MinValue;

    /// <summary>Null when there is no database, or it does not answer.</summary>
    public async Task<Depth?> ReadAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<NpgsqlDataSource>() is not { } database) return null;
        await asking.WaitAsync(cancellationToken);
        try
        {
            if (clock.GetUtcNow() - askedAt < keptFor) return known;
            askedAt = clock.GetUtcNow();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(askedFor);
            return known = await AskAsync(database, limit.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return known = null;
        }
        finally
        {
            asking.Release();
        }
    }

    static async Task<Depth> AskAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select (select count(*) from outbox),
                   (select count(*) from inbox where handled_at is null and parked_at is null) + (select count(*) from arrivals),
                   (select count(*) from inbox where parked_at is not null)
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Depth(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    public void Dispose() => asking.Dispose();
}
