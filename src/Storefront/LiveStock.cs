using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Polly.CircuitBreaker;
using Rosa.Web;

namespace Rosa.Storefront;

/// <summary>
/// Follows the stock of the products that somebody looks at: one question every two seconds for all of them, however many look, and none while nobody does.
/// </summary>
public sealed class LiveStock(GatewayConnection gateway, StorefrontOptions options, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    static readonly TimeSpan every = TimeSpan.FromSeconds(2);
    const int AskedAtOnce = 100;

    readonly ConcurrentDictionary<Guid, ConcurrentDictionary<Channel<int?>, byte>> followed = new();
    int seats;
    int asking;

    /// <summary>A place among those who follow; null when all are taken.</summary>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref seats) <= options.LiveListeners) return new Seat(this);
        Interlocked.Decrement(ref seats);
        return null;
    }

    sealed class Seat(LiveStock stock) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref stock.seats);
    }

    /// <summary>The units there are, each time they change; null when nothing was said for a while.</summary>
    public async IAsyncEnumerable<int?> FollowAsync(Guid productId, TimeSpan aliveEvery, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<int?>(new BoundedChannelOptions(8) { FullMode = BoundedChannelFullMode.DropOldest });
        followed.GetOrAdd(productId, _ => new()).TryAdd(channel, 0);
        _ = AskWhileFollowedAsync();
        using var alive = clock.CreateTimer(_ => channel.Writer.TryWrite(null), null, aliveEvery, aliveEvery);
        try
        {
            int? last = null;
            await foreach (var units in channel.Reader.ReadAllAsync(cancellationToken))
            {
                if (units is not null && units == last) continue;
                last = units ?? last;
                yield return units;
            }
        }
        finally
        {
            if (followed.TryGetValue(productId, out var channels)) channels.TryRemove(channel, out _);
        }
    }

    async Task AskWhileFollowedAsync()
    {
        if (Interlocked.Exchange(ref asking, 1) == 1) return;
        try
        {
            while (!lifetime.ApplicationStopping.IsCancellationRequested && !followed.IsEmpty)
            {
                foreach (var (productId, channels) in followed)
                {
                    if (channels.IsEmpty) followed.TryRemove(productId, out _);
                }
                foreach (var products in followed.Keys.Chunk(AskedAtOnce)) await AskAsync(products);
                await Task.Delay(every, clock, lifetime.ApplicationStopping);
            }
        }
        catch (OperationCanceledException)
        {
            // This process stops.
        }
        finally
        {
            Volatile.Write(ref asking, 0);
        }
    }

    async Task AskAsync(Guid[] products)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/products/check-stock")
        {
            Content = JsonContent.Create(new StockWish([.. products.Select(id => new OrderLine(id, 1))]), ShopJson.Default.StockWish),
        };
        try
        {
            using var response = await gateway.SendAsync(request, TimeSpan.FromSeconds(5), lifetime.ApplicationStopping);
            if (!response.IsSuccessStatusCode || await response.Content.ReadFromJsonAsync(ShopJson.Default.StockAnswer) is not { } answer) return;
            foreach (var item in answer.Items)
            {
                if (!followed.TryGetValue(item.ProductId, out var channels)) continue;
                foreach (var channel in channels.Keys) channel.Writer.TryWrite(item.Available);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or BrokenCircuitException)
        {
            // Asked again in two seconds.
        }
    }
}
