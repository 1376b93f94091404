namespace Rosa.Orders;

/// <summary>What the saga asks of another service next.</summary>
public enum CheckoutStep { Reserve, Redeem, Charge, CommitStock, Confirm, SettlePayment, Refund, ReleaseStock, ReleasePromo }

/// <summary>What came of a step.</summary>
public abstract record CheckoutOutcome
{
    CheckoutOutcome() { }

    /// <summary>It was done, now or at an earlier time.</summary>
    public sealed record Done : CheckoutOutcome;

    /// <summary>There is not enough stock. <paramref name="Detail"/>: JSON of what is short.</summary>
    public sealed record Short(string Detail) : CheckoutOutcome;

    /// <summary>The promo code does not hold.</summary>
    public sealed record PromoRefused(string Reason) : CheckoutOutcome;

    public sealed record Discounted(decimal Discount) : CheckoutOutcome;

    public sealed record Captured(Guid? TransactionId) : CheckoutOutcome;

    public sealed record Declined(string Reason) : CheckoutOutcome;

    /// <summary>The provider failed and has taken nothing.</summary>
    public sealed record ProviderFailed(string Reason) : CheckoutOutcome;

    /// <summary>Nothing was taken, and nothing ever will be.</summary>
    public sealed record Voided : CheckoutOutcome;

    /// <summary>All that was taken is given back.</summary>
    public sealed record GivenBack(decimal Amount) : CheckoutOutcome;

    /// <summary>The reservation has run out.</summary>
    public sealed record NothingToCommit : CheckoutOutcome;

    /// <summary>The other side has it and has not decided: ask again.</summary>
    public sealed record Pending : CheckoutOutcome;

    /// <summary>No answer, repeatedly: whether it was done is not known.</summary>
    public sealed record Unreachable(string Service) : CheckoutOutcome;
}

/// <summary>
/// The checkout saga as pure decisions: which step is next, and which events follow from what came of it. Every step may
/// be repeated, by anybody, at any time: the other services answer a repetition as they answered the first time. So a run
/// that dies loses nothing but its time, and the simulation drives these very functions through thousands of deaths.
/// </summary>
public static class Checkout
{
    static readonly TimeSpan shortestPause = TimeSpan.FromSeconds(1), longestPause = TimeSpan.FromSeconds(30);

    /// <summary>The next step, or null when the saga is at its end.</summary>
    public static CheckoutStep? Next(Order order)
    {
        if (order.IsOpen)
        {
            if (order.Stock is StockState.None or StockState.Unknown) return CheckoutStep.Reserve;
            if (order.PromoCode is not null && order.Promo is PromoState.None or PromoState.Unknown) return CheckoutStep.Redeem;
            if (order.Payment is PaymentState.None or PaymentState.Unknown) return CheckoutStep.Charge;
            return order.Stock is StockState.Held ? CheckoutStep.CommitStock : CheckoutStep.Confirm;
        }

        if (order.EndedWithoutSale)
        {
            // Money first: it is what hurts the customer most.
            if (order.Payment is PaymentState.Unknown) return CheckoutStep.SettlePayment;
            if (order.Payment is PaymentState.Captured && order.TransactionId is not null) return CheckoutStep.Refund;
            if (order.Stock is StockState.Unknown or StockState.Held or StockState.Sold) return CheckoutStep.ReleaseStock;
            if (order.Promo is PromoState.Unknown or PromoState.Redeemed) return CheckoutStep.ReleasePromo;
        }
        return null;
    }

    /// <summary>The event written before a step is taken, if the step itself is news to the customer.</summary>
    public static OrderEvent? Before(Order order, CheckoutStep step) =>
        step == CheckoutStep.Charge && order.Status == OrderStatus.Pending ? new OrderEvent.PaymentRequested(order.FinalAmount) : null;

    /// <summary>What follows from the outcome of a step. No events: take the step again, after <see cref="Pause"/>.</summary>
    /// <param name="paymentWindow">How long a payment may stay undecided before the order is cancelled.</param>
    public static IReadOnlyList<OrderEvent> React(Order order, CheckoutStep step, CheckoutOutcome outcome, DateTimeOffset now, TimeSpan paymentWindow) => (step, outcome) switch
    {
        (CheckoutStep.Reserve, CheckoutOutcome.Done) => [new OrderEvent.StockReserved()],
        (CheckoutStep.Reserve, CheckoutOutcome.Short shortage) => [End(order, OrderEndCodes.InsufficientStock, shortage.Detail)],
        (CheckoutStep.Redeem, CheckoutOutcome.Discounted redeemed) => [new OrderEvent.PromoRedeemed(redeemed.Discount)],

        // A repetition of the call may still be on its way and find a use that has become free: the release that follows forbids it.
        (CheckoutStep.Redeem, CheckoutOutcome.PromoRefused refused) => [new OrderEvent.PromoAsked(), End(order, OrderEndCodes.PromoInvalid, refused.Reason)],
        (CheckoutStep.Reserve or CheckoutStep.Redeem, CheckoutOutcome.Unreachable down) => Unreachable(order, step, down.Service),

        (CheckoutStep.Charge, CheckoutOutcome.Captured captured) => [new OrderEvent.PaymentCaptured(captured.TransactionId)],
        (CheckoutStep.Charge, CheckoutOutcome.Declined declined) =>
            [new OrderEvent.PaymentDeclined(declined.Reason), new OrderEvent.Cancelled(OrderEndCodes.PaymentDeclined, declined.Reason)],
        (CheckoutStep.Charge, CheckoutOutcome.ProviderFailed failed) =>
            [new OrderEvent.PaymentFailed(failed.Reason), new OrderEvent.Cancelled(OrderEndCodes.PaymentUnavailable, failed.Reason)],
        (CheckoutStep.Charge, CheckoutOutcome.Unreachable) => [new OrderEvent.Cancelled(OrderEndCodes.PaymentUnavailable, "Payments did not answer.")],
        (CheckoutStep.Charge, CheckoutOutcome.Pending) when now - (order.PaymentRequestedAt ?? order.PlacedAt) > paymentWindow =>
            [new OrderEvent.Cancelled(OrderEndCodes.PaymentUnavailable, "The payment was not decided in time.")],

        (CheckoutStep.CommitStock, CheckoutOutcome.Done) => [new OrderEvent.StockCommitted()],
        (CheckoutStep.CommitStock, CheckoutOutcome.NothingToCommit) => [new OrderEvent.ReservationLost()],
        (CheckoutStep.Confirm, _) => [new OrderEvent.Confirmed()],

        (CheckoutStep.SettlePayment, CheckoutOutcome.Voided) => [new OrderEvent.PaymentVoided()],
        (CheckoutStep.SettlePayment, CheckoutOutcome.Captured captured) => [new OrderEvent.PaymentCaptured(captured.TransactionId)],
        (CheckoutStep.Refund, CheckoutOutcome.GivenBack back) => [new OrderEvent.PaymentRefunded(back.Amount)],
        (CheckoutStep.Refund, CheckoutOutcome.Done) => [new OrderEvent.PaymentRefunded(order.FinalAmount)],
        (CheckoutStep.ReleaseStock, CheckoutOutcome.Done) => [new OrderEvent.StockReleased()],
        (CheckoutStep.ReleasePromo, CheckoutOutcome.Done) => [new OrderEvent.PromoReleased()],
        _ => [],
    };

    /// <summary>
    /// When a step that decided nothing is taken again. A payment that its provider decides later is asked about ever less often: Payments tells when it is
    /// decided, and asking is for when that gets lost.
    /// </summary>
    public static TimeSpan Pause(Order order, CheckoutStep step, CheckoutOutcome outcome, DateTimeOffset now)
    {
        if (outcome is not CheckoutOutcome.Pending || step is not (CheckoutStep.Charge or CheckoutStep.SettlePayment)) return shortestPause;
        var waitedFor = now - (order.PaymentRequestedAt ?? now);
        return waitedFor / 10 < shortestPause ? shortestPause : waitedFor / 10 > longestPause ? longestPause : waitedFor / 10;
    }

    /// <summary>What money means that was captured after the order had ended, or null when it is known or the order goes on: then the saga's own steps see it.</summary>
    public static OrderEvent? WhenCapturedLate(Order order, Guid transactionId) =>
        order.EndedWithoutSale && order.Payment is not (PaymentState.Captured or PaymentState.Refunded) ? new OrderEvent.PaymentCaptured(transactionId) : null;

    /// <summary>
    /// An order that nobody has seen and that was surely never charged simply never was; any other is cancelled, and what
    /// may have been taken is given back.
    /// </summary>
    static OrderEvent End(Order order, string code, string reason) =>
        order.IsVisible || order.Payment is not PaymentState.None ? new OrderEvent.Cancelled(code, reason) : new OrderEvent.Rejected(code, reason);

    /// <summary>What a run that takes over writes first, or null when the events leave nothing open to doubt.</summary>
    public static OrderEvent? Resume(Order order) =>
        order.IsOpen && (order.Stock is StockState.None || order.Payment is PaymentState.None || (order.PromoCode is not null && order.Promo is PromoState.None))
            ? new OrderEvent.CheckoutResumed()
            : null;

    /// <summary>True for steps that give back: what made them necessary is written before they are taken.</summary>
    public static bool GivesBack(CheckoutStep step) =>
        step is CheckoutStep.SettlePayment or CheckoutStep.Refund or CheckoutStep.ReleaseStock or CheckoutStep.ReleasePromo;

    /// <summary>A service that is needed before the charge is down: give up while nothing is charged, so that the customer knows.</summary>
    static IReadOnlyList<OrderEvent> Unreachable(Order order, CheckoutStep step, string service)
    {
        if (order.Payment is PaymentState.Captured) return [];   // the money is taken: the sale is finished whenever the service is back
        var cancelled = new OrderEvent.Cancelled(OrderEndCodes.Unavailable, $"{service} did not answer.");
        return (step, order.Stock, order.Promo) switch
        {
            // The call may have been heard even though its answer was not.
            (CheckoutStep.Reserve, StockState.None, _) => [new OrderEvent.StockAsked(), cancelled],
            (CheckoutStep.Redeem, _, PromoState.None) => [new OrderEvent.PromoAsked(), cancelled],
            _ => [cancelled],
        };
    }
}
