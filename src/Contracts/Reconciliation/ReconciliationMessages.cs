namespace Rosa.Contracts.Reconciliation;

/// <summary>
/// What Orders asks of every service that holds something for orders: <c>POST /internal/reconciliation</c>. Orders' ids are version 7
/// UUIDs, in the order of time, so that all services are gone through side by side.
/// </summary>
/// <param name="After">Only what is held for orders with a greater id.</param>
/// <param name="UpTo">And none with a greater id than this.</param>
/// <param name="Limit">At most so many, the smallest ids first; 1 to 2,000.</param>
/// <param name="Books">Whether the service is to look through its own books as well.</param>
public sealed record ReconciliationQuery(Guid After, Guid UpTo, int Limit, bool Books);

/// <summary>What a service holds for an order.</summary>
/// <param name="State">
/// Catalog: <c>HELD</c>, <c>COMMITTED</c>, <c>RELEASED</c>, <c>EXPIRED</c>. Promotions: <c>REDEEMED</c>, <c>RELEASED</c>. Payments: <c>PENDING</c>, <c>CAPTURED</c>,
/// <c>REFUNDED</c>, <c>DECLINED</c>, <c>FAILED</c>, <c>VOIDED</c>.
/// </param>
/// <param name="Amount">Payments: what was taken and not given back. Promotions: the discount. Catalog: how many units.</param>
/// <param name="Reference">Payments: the transaction.</param>
public sealed record HeldForOrder(Guid OrderId, string State, decimal Amount, Guid? Reference);

/// <summary>Something that does not agree within a service's own books.</summary>
/// <param name="Code">Stable, upper case.</param>
/// <param name="Subject">The product, promo code or payment.</param>
/// <param name="Mended">False: a person has to look.</param>
public sealed record BookDiscrepancy(string Code, string Subject, string Detail, bool Mended);

/// <param name="Held">By order id.</param>
public sealed record ReconciliationAnswer(IReadOnlyList<HeldForOrder> Held, IReadOnlyList<BookDiscrepancy> Books);
