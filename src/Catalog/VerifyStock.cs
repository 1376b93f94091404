using Rosa.Contracts.Catalog;
using Rosa.Platform.Grpc;

namespace Rosa.Catalog;

/// <summary>gRPC <c>VerifyStock</c>: may this quantity be sold now?</summary>
static class VerifyStock
{
    public static async Task<StockCheckResponse> Handle(StockCheckRequest request, StockReader stock, CancellationToken cancellationToken)
    {
        var productId = GrpcInput.Id(request.ProductId, "product_id");
        if (request.Quantity < 0) throw new GrpcException(GrpcStatusCode.InvalidArgument, "quantity is negative.");

        var available = await stock.AvailableAsync([productId], cancellationToken);
        return available.TryGetValue(productId, out var units)
            ? new StockCheckResponse { Available = units >= request.Quantity, AvailableQuantity = units }
            : throw new GrpcException(GrpcStatusCode.NotFound, "There is no such product.");
    }
}
