using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;

namespace Rosa.Users;

/// <summary>
/// Tells every service whose tokens are good no more. A service asks with the version of its list and is answered when there is another
/// (<see cref="FollowDeletedUsers"/>); by asking again it says that it knows, which is what a deletion waits for.
/// </summary>
sealed partial class DeletedUsersFeed(
    ServiceDatabase database, DeletedUsers deleted, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<DeletedUsersFeed> logger) : BackgroundService
{
    /// <summary>How often what other instances deleted is looked for.</summary>
    static readonly TimeSpan every = TimeSpan.FromSeconds(1);

    /// <summary>As long as the last token given out before may live, and clocks may differ.</summary>
    static readonly TimeSpan keptFor = AccessToken.Lifetime + TimeSpan.FromMinutes(2);

    /// <summary>The longest that a deletion waits for services that do not ask again.</summary>
    static readonly TimeSpan longestWait = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<Guid, string> knownByFollower = new();
    readonly SemaphoreSlim reading = new(1);
    volatile TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every);
        do
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
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Holds what the database says, and answers those who wait when it is something else.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);   // else an older reading could replace a newer one
        try
        {
            if (!deleted.Replace(await ReadAsync(cancellationToken))) return;
            var waiting = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.SetResult();
        }
        finally
        {
            reading.Release();
        }
    }

    async Task<List<Guid>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("select user_id from deleted_users where deleted_at > $1");
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (clock.GetUtcNow() - keptFor).UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) ids.Add(reader.GetGuid(0));
        return ids;
    }

    /// <summary>Somebody was just deleted: returns when all services that ask here know, or after a second.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        await RunOnceAsync(cancellationToken);
        var version = deleted.List.Version;
        for (var giveUpAt = Environment.TickCount64 + (long)longestWait.TotalMilliseconds; Environment.TickCount64 < giveUpAt;)
        {
            if (knownByFollower.Values.All(known => known == version)) return;
            await Task.Delay(2, cancellationToken);
        }
    }

    /// <summary>Forgets whose tokens have all expired.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("delete from deleted_users where deleted_at <= $1");
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (clock.GetUtcNow() - keptFor).UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary><c>GET /internal/deleted-users?known=&amp;follower=</c></summary>
    public static async Task<Ok<DeletedUserList>> Handle(Guid follower, DeletedUsersFeed feed, HttpContext context, string known = "") =>
        TypedResults.Ok(await feed.WaitForOtherAsync(follower, known, context.RequestAborted));

    async Task<DeletedUserList> WaitForOtherAsync(Guid follower, string known, CancellationToken gone)
    {
        knownByFollower[follower] = known;
        var change = changed.Task;
        if (deleted.List.Version != known) return deleted.List;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(gone, lifetime.ApplicationStopping);
        await Task.WhenAny(change, Task.Delay(FollowDeletedUsers.LongestWait, ended.Token));
        if (ended.IsCancellationRequested) knownByFollower.TryRemove(follower, out _);
        return deleted.List;
    }

    public override void Dispose()
    {
        reading.Dispose();
        base.Dispose();
    }

    static partial class Log
    {
        [LoggerMessage(140, LogLevel.Warning, "Who was deleted by other instances could not be read; tried again in a second: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
