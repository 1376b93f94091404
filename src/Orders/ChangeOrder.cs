using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Orders;

/// <summary>Load, decide, append; again from the start when somebody else was quicker.</summary>
static class ChangeOrder
{
    const int Attempts = 10;

    /// <param name="sagaLease">With a lease the order has something to give back afterwards, and is put on the saga's list.</param>
    /// <returns>The order as it is now, or why the command is refused.</returns>
    public static async Task<(Order Order, Problem? Problem)> RunAsync(OrdersDb db, Guid orderId, Caller caller, OrderCommand command, TimeSpan? sagaLease)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var order = await db.LoadAsync(orderId);
            if (!order.IsPlaced || !(caller.IsEmployee || order.UserId == caller.UserId)) return (order, Problem.NotFound("order"));

            var decision = Order.Decide(order, command);
            if (decision.Problem is { } problem) return (order, problem);

            var now = db.Now;
            order = Order.Evolve(order, decision.Event!, now);
            if (await db.AppendAsync(order, decision.Event!, now, sagaLease)) return (order, null);
        }
        return (new Order(orderId), new Problem(ProblemKind.Conflict, "ORDER_BUSY", "The order keeps changing. Look at it and try again."));
    }
}
