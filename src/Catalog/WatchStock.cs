using Rosa.Contracts.Catalog;
using Rosa.Platform.Grpc;

namespace Rosa.Catalog;

/// <summary>gRPC <c>WatchStock</c>: every committed change of stock from now on, until the caller leaves or the service stops (<c>UNAVAILABLE</c>: watch another instance).</summary>
static class WatchStock
{
    const int Most = 1_000;

    public static async Task Handle(
        WatchStockRequest request, StockFeed feed, GrpcStreamWriter<StockChange> writer, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        GrpcInput.AtMost(request.ProductIds.Count, Most, "product_ids");
        using var watcher = feed.Watch(request.ProductIds.Select(id => GrpcInput.Id(id, "product_ids")).ToHashSet());
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        try
        {
            while (true)
            {
                foreach (var (productId, available) in await watcher.NextAsync(ending.Token))
                    await writer.WriteAsync(new StockChange { ProductId = productId.ToString(), Available = available }, ending.Token);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, "The service is stopping.");
        }
    }
}
