using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Identity;

namespace Rosa.Orders;

public sealed record ShipOrderRequest(
    [property: Required, StringLength(100, MinimumLength = 1)] string Carrier,
    [property: Required, StringLength(100, MinimumLength = 1)] string TrackingNumber);

/// <summary>What employees do with a confirmed order, in this order: process, ship, deliver. Each answers the order.</summary>
static class FulfilOrder
{
    public static Task<Results<Ok<OrderDocument>, ProblemHttpResult>> Process(Guid orderId, Caller caller, OrdersDb db) =>
        RunAsync(orderId, caller, db, new OrderCommand.StartProcessing());

    public static Task<Results<Ok<OrderDocument>, ProblemHttpResult>> Ship(Guid orderId, ShipOrderRequest request, Caller caller, OrdersDb db) =>
        RunAsync(orderId, caller, db, new OrderCommand.Ship(request.Carrier, request.TrackingNumber));

    public static Task<Results<Ok<OrderDocument>, ProblemHttpResult>> Deliver(Guid orderId, Caller caller, OrdersDb db) =>
        RunAsync(orderId, caller, db, new OrderCommand.Deliver());

    static async Task<Results<Ok<OrderDocument>, ProblemHttpResult>> RunAsync(Guid orderId, Caller caller, OrdersDb db, OrderCommand command)
    {
        var (order, problem) = await ChangeOrder.RunAsync(db, orderId, caller, command, sagaLease: null);
        return problem is null ? TypedResults.Ok(OrderDocument.From(order)) : problem.ToResult();
    }
}
