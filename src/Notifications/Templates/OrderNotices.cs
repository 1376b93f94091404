using Rosa.Contracts.Orders;

namespace Rosa.Notifications.Templates;

/// <summary>About an order, from its confirmation to its delivery.</summary>
static class OrderNotices
{
    static readonly Guid somebody = Guid.Parse("01890000-0000-7000-8000-000000000001");
    static readonly Guid order = Guid.Parse("01890000-0000-7000-8000-000000000002");
    static readonly DateTimeOffset then = new(2026, 12, 24, 12, 0, 0, TimeSpan.Zero);

    public static Notice Confirmed { get; } = Notice.Of<OrderCreated>(
        required: true, happened => new Concerned(happened.UserId, happened.OrderId),
        (happened, language, shop) => new(Common(happened.OrderId, shop))
        {
            ["order.items"] = Value.Table(Rows(happened, language)),
            ["order.total"] = Amount.Write(happened.TotalAmount, happened.Currency, language),
            ["order.discount"] = Amount.Write(happened.Discount, happened.Currency, language),
            ["order.paid"] = Amount.Write(happened.FinalAmount, happened.Currency, language),
            ["order.address"] = Lines(happened.ShippingAddress),
        },
        sample: new OrderCreated(
            order, somebody, [new OrderedItem(somebody, "Croquettes", 24.90m, 2, 49.80m), new OrderedItem(order, "Balle", 5m, 1, 5m)], 54.80m, 5.48m, 49.32m, "EUR",
            new ShippingAddress("Ada Exemple", "1 rue de l'Exemple", null, "75000", "Paris", "FR"), then), new()
            {
                [(Channel.Email, "fr")] = new("Votre commande est confirmée : {{order.paid}}",
                """
                Bonjour {{customer.firstName}},

                Merci ! Votre commande est confirmée et payée.

                {{order.items}}

                Elle part chez :
                {{order.address}}

                Numéro de commande : {{order.id}}

                À bientôt,
                {{shop.name}}
                """),
                [(Channel.Email, "en")] = new("Your order is confirmed: {{order.paid}}",
                """
                Hello {{customer.firstName}},

                Thank you! Your order is confirmed and paid.

                {{order.items}}

                It goes to:
                {{order.address}}

                Order number: {{order.id}}

                See you soon,
                {{shop.name}}
                """),
                [(Channel.InApp, "fr")] = new("Votre commande est confirmée : {{order.paid}}", "Merci ! Nous la préparons."),
                [(Channel.InApp, "en")] = new("Your order is confirmed: {{order.paid}}", "Thank you! We are getting it ready."),
            });

    public static Notice Cancelled { get; } = Notice.Of<OrderCancelled>(
        required: true, happened => new Concerned(happened.UserId, happened.OrderId),
        (happened, language, shop) => new(Common(happened.OrderId, shop))
        {
            ["order.reason"] = happened.Reason.TrimEnd('.'),
            ["order.refund"] = Amount.Write(happened.RefundAmount, shop.Currency, language),
            ["order.moneyBack"] = MoneyBack(happened.RefundAmount, shop.Currency, language),
        },
        sample: new OrderCancelled(order, somebody, "changed my mind", 49.32m, then), Simple(
            french: ("Votre commande est annulée", "Votre commande {{order.id}} est annulée : {{order.reason}}. {{order.moneyBack}}"),
            english: ("Your order is cancelled", "Your order {{order.id}} is cancelled: {{order.reason}}. {{order.moneyBack}}")));

    public static Notice Processing { get; } = Notice.Of<OrderProcessing>(
        required: true, happened => new Concerned(happened.UserId, happened.OrderId), (happened, _, shop) => Common(happened.OrderId, shop),
        sample: new OrderProcessing(order, somebody, then), Simple(
            french: ("Nous préparons votre commande", "Votre commande {{order.id}} est en préparation."),
            english: ("We are packing your order", "Your order {{order.id}} is being packed.")));

    public static Notice Shipped { get; } = Notice.Of<OrderShipped>(
        required: true, happened => new Concerned(happened.UserId, happened.OrderId),
        (happened, _, shop) => new(Common(happened.OrderId, shop)) { ["shipping.carrier"] = happened.Carrier, ["shipping.trackingNumber"] = happened.TrackingNumber },
        sample: new OrderShipped(order, somebody, "Colissimo", "6A12345678901", then), new(Simple(
            french: ("Votre commande est en route", "Votre commande {{order.id}} est partie avec {{shipping.carrier}}, numéro de suivi {{shipping.trackingNumber}}."),
            english: ("Your order is on its way", "Your order {{order.id}} has left with {{shipping.carrier}}, tracking number {{shipping.trackingNumber}}.")))
        {
            [(Channel.Sms, "fr")] = new("", "{{shop.name}} : votre commande est en route avec {{shipping.carrier}}, suivi {{shipping.trackingNumber}}."),
            [(Channel.Sms, "en")] = new("", "{{shop.name}}: your order is on its way with {{shipping.carrier}}, tracking {{shipping.trackingNumber}}."),
        });

    public static Notice Delivered { get; } = Notice.Of<OrderDelivered>(
        required: true, happened => new Concerned(happened.UserId, happened.OrderId), (happened, _, shop) => Common(happened.OrderId, shop),
        sample: new OrderDelivered(order, somebody, then), Simple(
            french: ("Votre commande est arrivée", "Votre commande {{order.id}} est arrivée. Nous espérons qu'elle plaira !"),
            english: ("Your order has arrived", "Your order {{order.id}} has arrived. We hope it is liked!")));

    /// <summary>The subject of a confirmation, for the log of a demo's past.</summary>
    public static string ConfirmedSubject(string language, decimal paid, string currency) =>
        Confirmed.Defaults[(Channel.Email, language)].WriteSubject(new Dictionary<string, Value> { ["order.paid"] = Amount.Write(paid, currency, language) });

    /// <summary>The same words as a mail and in the shop.</summary>
    public static Dictionary<(string, string), Template> Simple((string Subject, string Text) french, (string Subject, string Text) english) => new()
    {
        [(Channel.Email, "fr")] = new(french.Subject, $"Bonjour {{{{customer.firstName}}}},\n\n{french.Text}\n\nÀ bientôt,\n{{{{shop.name}}}}"),
        [(Channel.Email, "en")] = new(english.Subject, $"Hello {{{{customer.firstName}}}},\n\n{english.Text}\n\nSee you soon,\n{{{{shop.name}}}}"),
        [(Channel.InApp, "fr")] = new(french.Subject, french.Text),
        [(Channel.InApp, "en")] = new(english.Subject, english.Text),
    };

    public static Dictionary<string, Value> Common(Guid orderId, Shop shop) => new()
    {
        ["order.id"] = orderId.ToString(),
        ["order.url"] = Value.Link(shop.Url($"/orders/{orderId}")),
    };

    static List<(string What, string HowMuch)> Rows(OrderCreated happened, string language)
    {
        var (total, discount, paid) = language == "en" ? ("Total", "Discount", "Paid") : ("Total", "Remise", "Payé");
        var rows = happened.Items.Select(item => ($"{item.Quantity} × {item.Title}", Amount.Write(item.LineTotal, happened.Currency, language))).ToList();
        if (happened.Discount > 0)
        {
            rows.Add((total, Amount.Write(happened.TotalAmount, happened.Currency, language)));
            rows.Add((discount, Amount.Write(-happened.Discount, happened.Currency, language)));
        }
        rows.Add((paid, Amount.Write(happened.FinalAmount, happened.Currency, language)));
        return rows;
    }

    /// <summary>Of an order that was never paid there is nothing to say.</summary>
    static string MoneyBack(decimal refund, string currency, string language) => refund == 0 ? ""
        : language == "en" ? $"You get {Amount.Write(refund, currency, language)} back." : $"Nous vous rendons {Amount.Write(refund, currency, language)}.";

    static string Lines(ShippingAddress address) =>
        string.Join('\n', new[] { address.Name, address.Line1, address.Line2, $"{address.PostalCode} {address.City}", address.Country }.Where(line => !string.IsNullOrWhiteSpace(line)));
}
