namespace Rosa.Contracts.Payments;

/// <summary>Money was captured for an order.</summary>
public sealed record PaymentProcessed(Guid TransactionId, Guid OrderId, decimal Amount, string Currency, DateTimeOffset At) : IEvent
{
    public static EventType Type { get; } = new("payments", "PaymentProcessed");
    public string Subject => OrderId.ToString();
}

/// <summary>No money was taken: declined by the bank, or given up.</summary>
/// <param name="Reason"><c>DECLINED</c> or <c>FAILED</c>.</param>
public sealed record PaymentFailed(Guid TransactionId, Guid OrderId, decimal Amount, string Currency, string Reason, DateTimeOffset At) : IEvent
{
    public static EventType Type { get; } = new("payments", "PaymentFailed");
    public string Subject => OrderId.ToString();
}

/// <summary>Money went back to the customer.</summary>
public sealed record PaymentRefunded(Guid TransactionId, Guid OrderId, decimal Amount, string Currency, string Reason, DateTimeOffset At) : IEvent
{
    public static EventType Type { get; } = new("payments", "PaymentRefunded");
    public string Subject => OrderId.ToString();
}

/// <summary>
/// A payment was decided after its caller had been told that it is not known yet, or that there is no money. Told besides <see cref="PaymentProcessed"/> or
/// <see cref="PaymentFailed"/>, so that whoever waits hears of it without hearing of every sale.
/// </summary>
/// <param name="Status"><c>CAPTURED</c>, <c>DECLINED</c> or <c>FAILED</c>.</param>
public sealed record PaymentDecidedLate(Guid TransactionId, Guid OrderId, string Status, DateTimeOffset At) : IEvent
{
    public static EventType Type { get; } = new("payments", "PaymentDecidedLate");
    public string Subject => OrderId.ToString();
}
