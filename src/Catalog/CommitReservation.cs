using Rosa.Contracts.Catalog;
using Rosa.Platform.Resilience;

namespace Rosa.Catalog;

/// <summary>gRPC <c>Commit</c>: what was held for an order is sold.</summary>
static class CommitReservation
{
    public static async Task<CommitResponse> Handle(CommitRequest request, Reservations reservations, CancellationToken cancellationToken)
    {
        var answer = await reservations.AskAsync(new ReservationCommand.Commit(GrpcInput.Id(request.OrderId, "order_id")), cancellationToken);
        CrashPoint.Here("catalog.commit.after");
        return new CommitResponse { Committed = answer.Accepted };
    }
}
