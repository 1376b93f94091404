using System.Data.Common;
using Npgsql;

namespace Rosa.Payments;

/// <summary>The one payment of an order.</summary>
/// <remarks>
/// <code>
/// PENDING ──► CAPTURED ──► REFUNDED (all of it)
///    ├──────► DECLINED
///    └──────► FAILED   (voided at the provider: nothing was taken and nothing ever will be)
/// VOIDED is no payment: the order died first, and no payment may follow.
/// </code>
/// </remarks>
sealed record Payment(
    Guid PaymentId, Guid OrderId, decimal Amount, string Currency, string? CardToken, string Status, string? Reason,
    decimal RefundedAmount, byte[]? RequestHash, bool VoidRequested, int Attempts, DateTimeOffset CreatedAt)
{
    public const string Pending = "PENDING", Captured = "CAPTURED", Declined = "DECLINED", Failed = "FAILED", Refunded = "REFUNDED", Voided = "VOIDED";

    /// <summary>Why a payment has failed.</summary>
    public const string VoidedReason = "VOIDED", ProviderErrorReason = "PROVIDER_ERROR", ProviderTimeoutReason = "PROVIDER_TIMEOUT";

    /// <summary>Its order is dead, and nothing was taken for it.</summary>
    public bool IsVoided => Status == Voided || (Status == Failed && Reason == VoidedReason);

    public const string Columns =
        "payment_id, order_id, amount, currency, card_token, status, reason, refunded_amount, request_hash, void_requested, attempts, created_at";

    /// <summary>Reads a row of <see cref="Columns"/>.</summary>
    public static Payment Read(DbDataReader reader) => new(
        reader.GetGuid(0), reader.GetGuid(1), reader.GetDecimal(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4),
        reader.GetString(5), reader.IsDBNull(6) ? null : reader.GetString(6), reader.GetDecimal(7),
        reader.IsDBNull(8) ? null : reader.GetFieldValue<byte[]>(8), reader.GetBoolean(9), reader.GetInt32(10), new DateTimeOffset(reader.GetDateTime(11)));

    public static async Task<Payment?> FindAsync(NpgsqlDataSource source, Guid orderId, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand($"select {Columns} from payments where order_id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = orderId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Without the card token, so that no log can hold it.</summary>
    public override string ToString() => $"payment {PaymentId} of order {OrderId}: {Status}";
}
