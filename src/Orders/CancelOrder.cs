using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;
using Rosa.Platform.Resilience;

namespace Rosa.Orders;

public sealed record CancelOrderRequest([property: Required, StringLength(500, MinimumLength = 1)] string Reason);

/// <param name="Status"><c>CANCELLED</c>.</param>
/// <param name="RefundAmount">What goes back to the customer; 0 when nothing was taken. A capture that comes late is refunded as well.</param>
public sealed record CancelledOrder(Guid OrderId, string Status, decimal RefundAmount);

/// <summary><c>POST /api/orders/{orderId}/cancel</c>: by its customer before shipping, or by an employee.</summary>
sealed class CancelOrder(OrdersDb db, CheckoutRunner runner, IOptions<OrdersOptions> options)
{
    public static async Task<Results<Ok<CancelledOrder>, ProblemHttpResult>> Handle(Guid orderId, CancelOrderRequest request, Caller caller, CancelOrder use)
    {
        var (order, problem) = await use.ChangeOrder(orderId, caller, new OrderCommand.Cancel(request.Reason));
        if (problem is not null) return problem.ToResult();

        // Give back at once what can be given back at once; the worker does the rest.
        CrashPoint.Here("orders.cancel.after");
        await use.runner.RunAsync(new CheckoutRun(orderId, CardToken: "", KeyScope: null, Key: null), order, atMost: TimeSpan.Zero);
        return TypedResults.Ok(new CancelledOrder(orderId, order.Status.OnTheWire(), order.RefundAmount));
    }

    readonly CheckoutRunner runner = runner;

    Task<(Order, Problem?)> ChangeOrder(Guid orderId, Caller caller, OrderCommand command) =>
        Rosa.Orders.ChangeOrder.RunAsync(db, orderId, caller, command, sagaLease: options.Value.Lease);
}
