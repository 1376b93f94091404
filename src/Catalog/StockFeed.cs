using System.Collections.Concurrent;
using System.Threading.Channels;
using Rosa.Platform.Redis;

namespace Rosa.Catalog;

/// <summary>
/// Tells those who watch of committed changes of stock, whichever instance made them. The instances tell each other over Redis which products have changed;
/// how many units there are now is read from the database, so that the last figure told is the last that was committed, in whatever order they hear.
/// </summary>
/// <remarks>
/// A watcher who is slow sees the latest figure of each product rather than every step, so that it costs no more than the products it watches.
/// Products watched by their ids are also read every two seconds, for what Redis lost or was not there to carry.
/// </remarks>
sealed partial class StockFeed : BackgroundService
{
    const string OtherInstances = "rosa:catalog-stock";
    const int MostTogether = 500;
    static readonly Guid allWatched = Guid.Empty;
    static readonly TimeSpan readAgainAfter = TimeSpan.FromSeconds(2);

    readonly string own = Guid.NewGuid().ToString("n");
    readonly ConcurrentDictionary<Watcher, bool> watchers = new();
    readonly Channel<Guid> toRead = NewQueue(), toTell = NewQueue();
    readonly StockReader stock;
    readonly TimeProvider clock;
    readonly ILogger<StockFeed> logger;
    readonly RedisConnection? redis;

    public StockFeed(StockReader stock, TimeProvider clock, ILogger<StockFeed> logger, RedisConnection? redis = null)
    {
        (this.stock, this.clock, this.logger, this.redis) = (stock, clock, logger, redis);
        redis?.Hear(OtherInstances, Hear);
    }

    static Channel<Guid> NewQueue() => Channel.CreateBounded<Guid>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Said after the commit.</summary>
    public void Changed(Guid productId)
    {
        if (!watchers.IsEmpty) toRead.Writer.TryWrite(productId);
        if (redis is { IsUp: true }) toTell.Writer.TryWrite(productId);
    }

    /// <param name="productIds">Empty: every product.</param>
    public Watcher Watch(IReadOnlySet<Guid> productIds)
    {
        var watcher = new Watcher(this, productIds);
        watchers[watcher] = true;
        toRead.Writer.TryWrite(allWatched);   // what there is now, to know later what has changed
        return watcher;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var again = clock.CreateTimer(_ =>
        {
            if (!watchers.IsEmpty) toRead.Writer.TryWrite(allWatched);
        }, null, readAgainAfter, readAgainAfter);
        await Task.WhenAll(ReadAsync(stoppingToken), TellOthersAsync(stoppingToken));
    }

    async Task ReadAsync(CancellationToken stoppingToken)
    {
        var changed = new HashSet<Guid>();
        while (await toRead.Reader.WaitToReadAsync(stoppingToken))
        {
            Take(toRead, changed);
            var wanted = changed.Contains(allWatched) ? changed.Concat(watchers.Keys.SelectMany(watcher => watcher.ProductIds)).ToHashSet() : changed;
            try
            {
                foreach (var some in wanted.Where(id => id != allWatched).Chunk(MostTogether))
                {
                    var available = await stock.AvailableAsync(some, stoppingToken);
                    foreach (var watcher in watchers.Keys) watcher.Learn(some, available, changed);
                }
                changed.Clear();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotRead(logger, exception.Message);
            }
        }
    }

    async Task TellOthersAsync(CancellationToken stoppingToken)
    {
        var changed = new HashSet<Guid>();
        while (redis is not null && await toTell.Reader.WaitToReadAsync(stoppingToken))
        {
            Take(toTell, changed);
            await redis.TellAsync(OtherInstances, $"{own} {string.Join(' ', changed)}");
            changed.Clear();
        }
    }

    static void Take(Channel<Guid> from, HashSet<Guid> into)
    {
        for (var i = 0; i < MostTogether && from.Reader.TryRead(out var productId); i++) into.Add(productId);
    }

    void Hear(string message)
    {
        var words = message.Split(' ');
        if (words[0] == own || watchers.IsEmpty) return;
        foreach (var word in words.Skip(1))
        {
            if (Guid.TryParse(word, out var productId)) toRead.Writer.TryWrite(productId);
        }
    }

    internal sealed class Watcher(StockFeed feed, IReadOnlySet<Guid> productIds) : IDisposable
    {
        readonly Lock turn = new();
        readonly Channel<bool> news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        readonly Dictionary<Guid, int> known = [];   // of the products watched by their ids
        Dictionary<Guid, int> latest = [];

        internal IReadOnlySet<Guid> ProductIds => productIds;

        /// <param name="asked">The products whose stock was read.</param>
        /// <param name="available">What there was of them; one that is no longer sold is not among them.</param>
        /// <param name="changed">Those that somebody said have changed; of others only a figure that is not the one known is news.</param>
        internal void Learn(IReadOnlyList<Guid> asked, IReadOnlyDictionary<Guid, int> available, HashSet<Guid> changed)
        {
            lock (turn)
            {
                foreach (var productId in asked)
                {
                    if (productIds.Count > 0 && !productIds.Contains(productId) || !available.TryGetValue(productId, out var units)) continue;
                    var isNews = changed.Contains(productId) || (known.TryGetValue(productId, out var before) && before != units);
                    if (productIds.Count > 0) known[productId] = units;
                    if (!isNews) continue;
                    latest[productId] = units;
                    news.Writer.TryWrite(true);
                }
            }
        }

        /// <summary>Waits until there is something new and returns all of it.</summary>
        public async Task<IReadOnlyDictionary<Guid, int>> NextAsync(CancellationToken cancellationToken)
        {
            await news.Reader.ReadAsync(cancellationToken);
            lock (turn)
            {
                var changes = latest;
                latest = [];
                return changes;
            }
        }

        public void Dispose() => feed.watchers.TryRemove(this, out _);
    }

    static partial class Log
    {
        [LoggerMessage(130, LogLevel.Warning, "The stock that somebody watches could not be read, and is read with the next news or in two seconds: {Reason}")]
        public static partial void NotRead(ILogger logger, string reason);
    }
}
