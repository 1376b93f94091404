using Npgsql;

namespace Rosa.Orders;

/// <summary>Who sells, as invoices print it.</summary>
public sealed record Seller
{
    /// <summary>The company. Default <c>Mamie Rosa</c>.</summary>
    public string Name { get; init; } = "Mamie Rosa";

    /// <summary>Lines of the address, divided by <c>;</c>.</summary>
    public string Address { get; init; } = "1 rue de l'Exemple; 75000 Paris; France";

    /// <summary>The VAT number, or what stands for it.</summary>
    public string VatId { get; init; } = "FR00000000000";

    /// <summary>The rate that prices include. Default 20.</summary>
    public decimal VatPercentage { get; init; } = 20;
}

/// <summary>A document as it was issued.</summary>
/// <param name="Kind"><c>INVOICE</c>, or <c>CREDIT_NOTE</c> for what was given back.</param>
/// <param name="CreditedNumber">Of a credit note: the invoice that it takes back.</param>
public sealed record Invoice(long Number, string Kind, DateTimeOffset IssuedAt, OrderDocument Order, Seller Seller, long? CreditedNumber)
{
    /// <summary>The number as it is printed; the year does not begin it anew.</summary>
    public string PrintedNumber => FormattableString.Invariant($"{IssuedAt:yyyy}-{Number:000000}");

    /// <summary>What the price contains of VAT: rounded once, on the total.</summary>
    public decimal Vat => Math.Round(Order.FinalAmount * Seller.VatPercentage / (100 + Seller.VatPercentage), 2, MidpointRounding.AwayFromZero);
}

static class InvoiceDue
{
    /// <summary>The document that an event makes due: an invoice for every sale, a credit note for every sale that was paid back.</summary>
    public static NpgsqlBatchCommand? After(Order order, OrderEvent happened, DateTimeOffset at) => happened switch
    {
        OrderEvent.Confirmed => Command(order, "INVOICE", at),
        OrderEvent.Cancelled when order.History.Any(change => change.Status == OrderStatus.Confirmed) => Command(order, "CREDIT_NOTE", at),
        _ => null,
    };

    static NpgsqlBatchCommand Command(Order order, string kind, DateTimeOffset at) =>
        new("insert into invoices_due (order_id, kind, due_at) values ($1, $2, $3) on conflict do nothing") { Parameters = { OrdersDb.Id(order.OrderId), OrdersDb.Text(kind), OrdersDb.Time(at) } };
}
