using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;

namespace Rosa.Payments;

/// <summary>This service's part of the file in which a person gets all that is held about them (<see cref="PersonalData"/>).</summary>
static class GetPersonalData
{
    public static Task<ContentHttpResult> Handle(PersonalDataRequest request, ServiceDatabase database, CancellationToken cancellationToken) =>
        PersonalData.ReadAsync(database, request,
            """
            select jsonb_build_object('payments', coalesce(jsonb_agg(jsonb_build_object(
              'transactionId', payment_id, 'orderId', order_id, 'amount', amount, 'currency', currency, 'method', method, 'status', status,
              'refundedAmount', refunded_amount, 'createdAt', created_at, 'settledAt', settled_at) order by created_at), '[]'))::text
            from payments where order_id = any($2) and status <> 'VOIDED'
            """, cancellationToken);
}
