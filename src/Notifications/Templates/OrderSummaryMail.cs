using Rosa.Contracts.Orders;

namespace Rosa.Notifications.Templates;

/// <summary>To somebody whose order is confirmed: what they bought, what they paid, where it goes.</summary>
static class OrderSummaryMail
{
    public static string Subject(string language, decimal amount, string currency) => language switch
    {
        "en" => $"Your order is confirmed: {Amount.Write(amount, currency, language)}",
        _ => $"Votre commande est confirmée : {Amount.Write(amount, currency, language)}",
    };

    public static MailContent Write(OrderCreated order, string firstName, string language)
    {
        var mail = new MailBody(language);
        return language switch
        {
            "en" => mail
                .Paragraph($"Hello {firstName},")
                .Paragraph("Thank you! Your order is confirmed and paid.")
                .Table(Rows(order, language, total: "Total", discount: "Discount", paid: "Paid"))
                .Paragraph($"It goes to:\n{Lines(order.ShippingAddress)}")
                .Paragraph($"Order number: {order.OrderId}")
                .Paragraph("See you soon,\nMamie Rosa")
                .ToMail(Subject(language, order.FinalAmount, order.Currency)),
            _ => mail
                .Paragraph($"Bonjour {firstName},")
                .Paragraph("Merci ! Votre commande est confirmée et payée.")
                .Table(Rows(order, language, total: "Total", discount: "Remise", paid: "Payé"))
                .Paragraph($"Elle part chez :\n{Lines(order.ShippingAddress)}")
                .Paragraph($"Numéro de commande : {order.OrderId}")
                .Paragraph("À bientôt,\nMamie Rosa")
                .ToMail(Subject(language, order.FinalAmount, order.Currency)),
        };
    }

    static IEnumerable<(string What, string HowMuch)> Rows(OrderCreated order, string language, string total, string discount, string paid)
    {
        foreach (var item in order.Items) yield return ($"{item.Quantity} × {item.Title}", Amount.Write(item.LineTotal, order.Currency, language));
        if (order.Discount > 0)
        {
            yield return (total, Amount.Write(order.TotalAmount, order.Currency, language));
            yield return (discount, Amount.Write(-order.Discount, order.Currency, language));
        }
        yield return (paid, Amount.Write(order.FinalAmount, order.Currency, language));
    }

    static string Lines(ShippingAddress address) =>
        string.Join('\n', new[] { address.Name, address.Line1, address.Line2, $"{address.PostalCode} {address.City}", address.Country }.Where(line => !string.IsNullOrWhiteSpace(line)));
}
