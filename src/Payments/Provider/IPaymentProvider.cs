namespace Rosa.Payments.Provider;

/// <summary>
/// The port to whoever moves the money. Every call may be repeated with its key and has its effect once; a call honours its
/// cancellation token, and one that was cut off may have had its effect or not.
/// </summary>
/// <remarks>A call that the provider fails throws <see cref="ProviderException"/>: the effect is then unknown too.</remarks>
interface IPaymentProvider
{
    /// <summary>Charges once for the key; asked again, tells what became of it.</summary>
    Task<ProviderCharge> ChargeAsync(ChargeOrder order, CancellationToken cancellationToken);

    Task<ProviderCharge> FindChargeAsync(Guid key, CancellationToken cancellationToken);

    /// <summary>Makes sure that a charge which is not captured never will be, also one that was never asked for. Tells what it is now.</summary>
    Task<ProviderCharge> VoidAsync(Guid key, CancellationToken cancellationToken);

    /// <summary>Gives back a part of a captured charge, once for the refund's key.</summary>
    Task<RefundState> RefundAsync(Guid refundKey, Guid chargeKey, decimal amount, CancellationToken cancellationToken);

    Task<RefundState> FindRefundAsync(Guid refundKey, CancellationToken cancellationToken);
}

/// <param name="Key">Ours; the provider charges once for it.</param>
/// <param name="Reference">What the provider's own books show: the order.</param>
/// <param name="CardToken">Stands for a card; made by the provider's form in the browser.</param>
sealed record ChargeOrder(Guid Key, string Reference, decimal Amount, string Currency, string CardToken)
{
    /// <summary>Without the token, so that no log can hold it.</summary>
    public override string ToString() => $"charge {Key} for {Reference}";
}

sealed record ProviderCharge(ChargeState State, string? Reason = null);

enum ChargeState
{
    /// <summary>The provider knows no such charge.</summary>
    None,
    /// <summary>Neither captured nor declined yet: the provider says later, by webhook or when asked.</summary>
    Processing,
    Captured,
    Declined,
    /// <summary>Never captured, and never will be.</summary>
    Voided,
}

enum RefundState
{
    None,
    Refunded,
    /// <summary>The charge does not have this much to give back.</summary>
    Refused,
}

/// <summary>The provider failed (its 500) or was not reached: what became of the call is unknown.</summary>
sealed class ProviderException(string message, Exception? inner = null) : HttpRequestException(message, inner);
