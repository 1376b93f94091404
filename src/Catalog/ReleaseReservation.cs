using Rosa.Contracts.Catalog;

namespace Rosa.Catalog;

/// <summary>gRPC <c>Release</c>: what was held for an order, or sold to it, goes back on the shelf, and the order gets nothing any more.</summary>
static class ReleaseReservation
{
    public static async Task<ReleaseResponse> Handle(ReleaseRequest request, Reservations reservations, CancellationToken cancellationToken)
    {
        await reservations.AskAsync(new ReservationCommand.Release(GrpcInput.Id(request.OrderId, "order_id")), cancellationToken);
        return new ReleaseResponse();
    }
}
