namespace Rosa.Contracts.Orders;

/// <summary>
/// Something that happened to an order, in whichever service: one line of <c>GET /api/orders/{orderId}/timeline</c>. The services answer theirs at
/// <c>GET /internal/orders/{orderId}/timeline</c>.
/// </summary>
/// <param name="Kind"><c>event</c>, <c>trouble</c>, <c>stock</c>, <c>money</c>, <c>promo</c>, <c>message</c>.</param>
/// <param name="What">A sentence for an employee, in English.</param>
/// <param name="TraceId">The trace in which it happened, where that is known.</param>
public sealed record TimelineEntry(DateTimeOffset At, string Service, string Kind, string What, string? TraceId);

/// <summary>What one service knows of an order.</summary>
public sealed record TimelinePart(IReadOnlyList<TimelineEntry> Entries);
