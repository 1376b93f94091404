using System.Text;
using Npgsql;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Orders;

/// <summary>A page of orders, newest first.</summary>
public sealed record OrderPage(IReadOnlyList<OrderDocument> Orders, long Total, int Page, int Limit);

/// <summary><c>GET /api/orders?userId=&amp;status=</c>: a customer's own, or all to employees.</summary>
static class ListOrders
{
    static readonly HashSet<string> statuses =
        [.. Enum.GetValues<OrderStatus>().Where(status => status != OrderStatus.Rejected).Select(status => status.OnTheWire())];

    public static async Task<IResult> Handle(Caller caller, OrdersDb db, CancellationToken cancellationToken, Guid? userId = null, string? status = null, int page = 1, int limit = 20)
    {
        if (page is < 1 or > 100_000) return Problem.Validation("page", "Pages count from 1 to 100,000.").ToResult();
        if (limit is < 1 or > 100) return Problem.Validation("limit", "The limit is 1 to 100.").ToResult();
        if (status is not null && !statuses.Contains(status)) return Problem.Validation("status", $"The status is one of {string.Join(", ", statuses)}.").ToResult();
        if (!caller.IsEmployee && userId is not null && userId != caller.UserId)
            return new Problem(ProblemKind.Forbidden, "FORBIDDEN", "These are not your orders.").ToResult();

        var whose = caller.IsEmployee ? userId : caller.UserId;
        var where = (whose, status) switch
        {
            (null, null) => "true",
            (not null, null) => "user_id = $3",
            (null, not null) => "status = $4",
            _ => "user_id = $3 and status = $4",
        };
        await using var command = db.Source.CreateCommand(
            $"""
            select (select count(*) from order_views where {where}),
                   (select coalesce(string_agg(document::text, ',' order by placed_at desc, order_id desc), '') from (
                      select document, placed_at, order_id from order_views where {where} order by placed_at desc, order_id desc limit $1 offset $2) newest)
            where $3::uuid is null or $3 is not null or $4::text is null
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (page - 1L) * limit });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)whose ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        command.Parameters.Add(OrdersDb.Text(status));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return TypedResults.Text($$"""{"orders":[{{reader.GetString(1)}}],"total":{{reader.GetInt64(0)}},"page":{{page}},"limit":{{limit}}}""", "application/json", Encoding.UTF8);
    }
}
