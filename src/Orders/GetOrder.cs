using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Orders;

/// <summary><c>GET /api/orders/{orderId}</c>: to its customer and to employees; to others it does not exist.</summary>
static class GetOrder
{
    public static async Task<IResult> Handle(Guid orderId, Caller caller, OrdersDb db, CancellationToken cancellationToken)
    {
        await using var command = db.Source.CreateCommand("select user_id, document::text from order_views where order_id = $1");
        command.Parameters.Add(OrdersDb.Id(orderId));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken) || !(caller.IsEmployee || reader.GetGuid(0) == caller.UserId)) return Problem.NotFound("order").ToResult();
        return TypedResults.Text(reader.GetString(1), "application/json", Encoding.UTF8);
    }
}
