using Rosa.Contracts.Payments;
using Rosa.Contracts.Promotions;

namespace Rosa.Notifications.Templates;

/// <summary>About money: a payment that was not made, one that went back, and an offer to all who want to hear of it.</summary>
static class MoneyNotices
{
    static readonly Guid payment = Guid.Parse("01890000-0000-7000-8000-000000000003");
    static readonly Guid order = Guid.Parse("01890000-0000-7000-8000-000000000002");
    static readonly DateTimeOffset then = new(2026, 12, 24, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Payments knows no customer: it is the one of the order.</summary>
    public static Notice Failed { get; } = Notice.Of<PaymentFailed>(
        required: true, happened => new Concerned(null, happened.OrderId),
        (happened, language, shop) => new(OrderNotices.Common(happened.OrderId, shop)) { ["payment.amount"] = Amount.Write(happened.Amount, happened.Currency, language) },
        sample: new PaymentFailed(payment, order, 49.32m, "EUR", "DECLINED", then), OrderNotices.Simple(
            french: ("Votre paiement n'a pas abouti", "Le paiement de {{payment.amount}} pour la commande {{order.id}} n'a pas abouti. Rien n'a été débité."),
            english: ("Your payment did not go through", "The payment of {{payment.amount}} for order {{order.id}} did not go through. Nothing was taken.")));

    public static Notice Refunded { get; } = Notice.Of<PaymentRefunded>(
        required: true, happened => new Concerned(null, happened.OrderId),
        (happened, language, shop) => new(OrderNotices.Common(happened.OrderId, shop)) { ["payment.amount"] = Amount.Write(happened.Amount, happened.Currency, language), ["payment.reason"] = happened.Reason },
        sample: new PaymentRefunded(payment, order, 49.32m, "EUR", "changed my mind", then), OrderNotices.Simple(
            french: ("Votre remboursement : {{payment.amount}}", "Nous vous avons rendu {{payment.amount}} pour la commande {{order.id}}."),
            english: ("Your refund: {{payment.amount}}", "We have given you {{payment.amount}} back for order {{order.id}}.")));

    public static Notice Promotion { get; } = Notice.Of<PromoCreated>(
        required: false, _ => default,
        (happened, language, shop) => new()
        {
            ["promo.code"] = happened.Code,
            ["promo.discount"] = happened.DiscountPercentage is { } percentage ? Amount.Percentage(percentage, language) : Amount.Write(happened.DiscountAmount ?? 0, shop.Currency, language),
            ["promo.from"] = Amount.Day(happened.ValidFrom, language),
            ["promo.until"] = Amount.Day(happened.ValidUntil, language),
        },
        sample: new PromoCreated("NOEL10", 10m, null, then, then.AddDays(7), Automatic: false), OrderNotices.Simple(
            french: ("{{promo.discount}} de remise chez {{shop.name}}", "Avec le code {{promo.code}}, {{promo.discount}} de remise du {{promo.from}} au {{promo.until}}."),
            english: ("{{promo.discount}} off at {{shop.name}}'s", "With the code {{promo.code}}, {{promo.discount}} off from {{promo.from}} to {{promo.until}}.")));
}
