using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Rosa.Orders;

/// <summary>What a document says, in one language.</summary>
sealed record InvoiceWords(
    string Language, string Invoice, string CreditNote, string For, string Date, string Order, string Product, string Quantity, string Price, string Amount,
    string Discount, string Total, string IncludedVat, string VatId, NumberFormatInfo Numbers)
{
    public static readonly InvoiceWords French = new(
        "fr", "Facture", "Avoir", "sur la facture", "Date", "Commande", "Article", "Quantité", "Prix unitaire TTC", "Montant TTC", "Remise", "Total TTC", "Dont TVA", "N° TVA",
        new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "\u202f" });

    public static readonly InvoiceWords English = new(
        "en", "Invoice", "Credit note", "on invoice", "Date", "Order", "Product", "Quantity", "Unit price incl. VAT", "Amount incl. VAT", "Discount", "Total incl. VAT", "Of which VAT", "VAT no.",
        new NumberFormatInfo { NumberDecimalSeparator = ".", NumberGroupSeparator = "," });
}

/// <summary>A document as a page that prints on one sheet: no script, nothing from elsewhere.</summary>
static class InvoicePage
{
    public static string Of(Invoice invoice, InvoiceWords words)
    {
        var order = invoice.Order;
        var sign = invoice.Kind == "CREDIT_NOTE" ? -1 : 1;
        var title = $"{(sign < 0 ? words.CreditNote : words.Invoice)} {invoice.PrintedNumber}";
        var credited = invoice.CreditedNumber is { } number ? FormattableString.Invariant($"<p>{words.For} {invoice.IssuedAt:yyyy}-{number:000000}</p>") : "";
        string Money(decimal amount) => $"{(amount * sign).ToString("N2", words.Numbers)} {Text(order.Currency)}";

        var address = order.Shipping.Address;
        var lines = string.Concat(order.Items.Select(item =>
            $"<tr><td>{Text(item.Title)}</td><td class=n>{item.Quantity}</td><td class=n>{Money(item.Price)}</td><td class=n>{Money(item.LineTotal)}</td></tr>"));
        var discount = order.Discount > 0 ? $"<tr><th colspan=3>{words.Discount}{(order.PromoCode is null ? "" : $" {Text(order.PromoCode)}")}</th><td class=n>{Money(-order.Discount)}</td></tr>" : "";
        return $$"""
            <!doctype html>
            <html lang="{{words.Language}}">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{{title}}</title>
            <style>
              body { font: 15px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
              header, section { display: flex; justify-content: space-between; gap: 2rem; flex-wrap: wrap }
              table { width: 100%; border-collapse: collapse; margin-top: 2rem }
              th, td { text-align: left; padding: .4rem .5rem; border-bottom: 1px solid #ddd }
              .n { text-align: right; white-space: nowrap }
              tfoot tr:nth-last-child(2) { font-weight: bold }
            </style>
            <header>
              <div><strong>{{Text(invoice.Seller.Name)}}</strong><br>{{Lines(invoice.Seller.Address.Split(';'))}}<br>{{words.VatId}} {{Text(invoice.Seller.VatId)}}</div>
              <div><h1>{{title}}</h1>{{credited}}<p>{{words.Date}} {{invoice.IssuedAt.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture)}}<br>{{words.Order}} {{order.OrderId}}</p></div>
            </header>
            <section><p>{{Lines([address.Name, address.Line1, address.Line2, $"{address.PostalCode} {address.City}", address.Country])}}</p></section>
            <table>
              <thead><tr><th>{{words.Product}}</th><th class=n>{{words.Quantity}}</th><th class=n>{{words.Price}}</th><th class=n>{{words.Amount}}</th></tr></thead>
              <tbody>{{lines}}</tbody>
              <tfoot>{{discount}}
                <tr><th colspan=3>{{words.Total}}</th><td class=n>{{Money(order.FinalAmount)}}</td></tr>
                <tr><th colspan=3>{{words.IncludedVat}} ({{invoice.Seller.VatPercentage.ToString("0.##", words.Numbers)}} %)</th><td class=n>{{Money(invoice.Vat)}}</td></tr>
              </tfoot>
            </table>
            </html>
            """;
    }

    static string Lines(IEnumerable<string?> lines) => string.Join("<br>", lines.Where(line => !string.IsNullOrWhiteSpace(line)).Select(line => Text(line!.Trim())));

    static readonly HtmlEncoder encoder = HtmlEncoder.Create(UnicodeRanges.All);

    static string Text(string text) => encoder.Encode(text);
}
