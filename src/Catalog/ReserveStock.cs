using Rosa.Contracts.Catalog;
using Rosa.Platform.Grpc;
using Rosa.Platform.Resilience;

namespace Rosa.Catalog;

/// <summary>gRPC <c>Reserve</c>: holds all lines of an order or none.</summary>
static class ReserveStock
{
    const int MostLines = 200;

    public static async Task<ReserveResponse> Handle(
        ReserveRequest request, Reservations reservations, CatalogOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var command = new ReservationCommand.Reserve(GrpcInput.Id(request.OrderId, "order_id"), Lines(request), clock.GetUtcNow() + Ttl(request, options));

        CrashPoint.Here("catalog.reserve.before");
        var answer = await reservations.AskAsync(command, cancellationToken);
        CrashPoint.Here("catalog.reserve.after");

        var response = new ReserveResponse { Reserved = answer.Accepted };
        response.Shortages.AddRange(answer.Short.Select(line =>
            new Shortage { ProductId = line.ProductId.ToString(), Requested = line.Requested, Available = line.Available }));
        return response;
    }

    /// <summary>Each product once: the same one on two lines is summed.</summary>
    static List<ReservationLine> Lines(ReserveRequest request)
    {
        GrpcInput.AtMost(request.Lines.Count, MostLines, "lines");
        if (request.Lines.Count == 0) throw new GrpcException(GrpcStatusCode.InvalidArgument, "lines is empty.");

        var quantities = new Dictionary<Guid, long>();
        foreach (var line in request.Lines)
        {
            if (line.Quantity <= 0) throw new GrpcException(GrpcStatusCode.InvalidArgument, "quantity is not positive.");
            var productId = GrpcInput.Id(line.ProductId, "product_id");
            quantities[productId] = quantities.GetValueOrDefault(productId) + line.Quantity;
        }
        return [.. quantities.Select(line => new ReservationLine(line.Key, (int)Math.Min(line.Value, int.MaxValue)))];
    }

    static TimeSpan Ttl(ReserveRequest request, CatalogOptions options)
    {
        if (request.TtlSeconds < 0) throw new GrpcException(GrpcStatusCode.InvalidArgument, "ttl_seconds is negative.");
        if (request.TtlSeconds == 0) return options.ReservationTtl;
        var asked = TimeSpan.FromSeconds(request.TtlSeconds);
        return asked < options.LongestReservation ? asked : options.LongestReservation;
    }
}
