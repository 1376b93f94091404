using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Rosa.Catalog;

/// <summary>
/// Tells those who watch, in this process, of committed changes of stock. What other instances change is not heard here yet.
/// </summary>
/// <remarks>A watcher who is slow sees the latest figure of each product rather than every step, so that it costs no more than the products it watches.</remarks>
sealed class StockFeed
{
    readonly ConcurrentDictionary<Watcher, bool> watchers = new();

    public void Publish(Guid productId, int available)
    {
        foreach (var (watcher, _) in watchers) watcher.Tell(productId, available);
    }

    /// <param name="productIds">Empty: every product.</param>
    public Watcher Watch(IReadOnlySet<Guid> productIds)
    {
        var watcher = new Watcher(this, productIds);
        watchers[watcher] = true;
        return watcher;
    }

    internal sealed class Watcher(StockFeed feed, IReadOnlySet<Guid> productIds) : IDisposable
    {
        readonly Lock turn = new();
        readonly Channel<bool> news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        Dictionary<Guid, int> latest = [];

        internal void Tell(Guid productId, int available)
        {
            if (productIds.Count > 0 && !productIds.Contains(productId)) return;
            lock (turn) latest[productId] = available;
            news.Writer.TryWrite(true);
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
}
