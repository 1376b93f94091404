using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;

namespace Rosa.Payments;

/// <param name="Status"><c>PENDING</c>, <c>CAPTURED</c>, <c>DECLINED</c>, <c>FAILED</c> or <c>REFUNDED</c> (all of it).</param>
public sealed record PaymentView(Guid TransactionId, Guid OrderId, decimal Amount, string Currency, string Status, decimal RefundedAmount);

public sealed record PaymentList(IReadOnlyList<PaymentView> Payments, long Total, int Page, int Limit);

/// <summary>The payments, newest first; of one order, when asked for it.</summary>
static class ListPaymentsEndpoint
{
    public static async Task<Ok<PaymentList>> Handle(
        ServiceDatabase database, CancellationToken cancellationToken,
        Guid? orderId = null, [Range(1, int.MaxValue)] int page = 1, [Range(1, 100)] int limit = 20)
    {
        // Two texts rather than one with "or $1 is null", which no index answers.
        var (where, ofOrder) = orderId is { } id
            ? ("status <> 'VOIDED' and order_id = $1", new NpgsqlParameter[] { new NpgsqlParameter<Guid> { TypedValue = id } })
            : ("status <> 'VOIDED'", []);
        var count = new NpgsqlBatchCommand($"select count(*) from payments where {where}");
        var rows = new NpgsqlBatchCommand(
            $"""
            select payment_id, order_id, amount, currency, status, refunded_amount
            from payments
            where {where}
            order by payment_id desc
            offset ${ofOrder.Length + 1} limit ${ofOrder.Length + 2}
            """);
        foreach (var parameter in ofOrder)
        {
            count.Parameters.Add(parameter);
            rows.Parameters.Add(parameter.Clone());
        }
        rows.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (page - 1L) * limit });
        rows.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });

        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(count);
        batch.BatchCommands.Add(rows);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var payments = new List<PaymentView>();
        while (await reader.ReadAsync(cancellationToken))
        {
            payments.Add(new PaymentView(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetDecimal(2), reader.GetString(3), reader.GetString(4), reader.GetDecimal(5)));
        }
        return TypedResults.Ok(new PaymentList(payments, total, page, limit));
    }
}
