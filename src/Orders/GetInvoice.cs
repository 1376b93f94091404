using System.Text;
using System.Text.Json;
using Npgsql;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Orders;

/// <summary><c>GET /api/orders/{orderId}/invoice</c> and <c>/credit-note</c>: a page to print, or JSON; to its customer and to employees.</summary>
static class GetInvoice
{
    public static Task<IResult> Invoice(Guid orderId, Caller caller, HttpContext context, OrdersDb db, IssueInvoices issue, CancellationToken cancellationToken) =>
        AnswerAsync(orderId, "INVOICE", caller, context, db, issue, cancellationToken);

    public static Task<IResult> CreditNote(Guid orderId, Caller caller, HttpContext context, OrdersDb db, IssueInvoices issue, CancellationToken cancellationToken) =>
        AnswerAsync(orderId, "CREDIT_NOTE", caller, context, db, issue, cancellationToken);

    static async Task<IResult> AnswerAsync(Guid orderId, string kind, Caller caller, HttpContext context, OrdersDb db, IssueInvoices issue, CancellationToken cancellationToken)
    {
        var invoice = await FindAsync(orderId, kind, db, cancellationToken);
        if (invoice is null)
        {
            // Asked for before it was issued: that is done now, or is being done, which this waits for.
            await issue.RunOnceAsync(cancellationToken);
            invoice = await FindAsync(orderId, kind, db, cancellationToken);
        }
        if (invoice is null || !(caller.IsEmployee || invoice.Order.UserId == caller.UserId)) return Problem.NotFound("document").ToResult();

        context.Response.Headers.CacheControl = "private, no-store";
        if (context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType == "application/json")) return TypedResults.Json(invoice, OrdersJson.Default.Invoice);
        var english = context.Request.Headers.AcceptLanguage.ToString().StartsWith("en", StringComparison.OrdinalIgnoreCase);
        return TypedResults.Text(InvoicePage.Of(invoice, english ? InvoiceWords.English : InvoiceWords.French), "text/html", Encoding.UTF8);
    }

    static async Task<Invoice?> FindAsync(Guid orderId, string kind, OrdersDb db, CancellationToken cancellationToken)
    {
        await using var command = db.Source.CreateCommand(
            """
            select i.number, i.issued_at, (i.document -> 'order')::text, (i.document -> 'seller')::text, c.number
            from invoices i left join invoices c on c.order_id = i.order_id and c.kind = 'INVOICE' and i.kind = 'CREDIT_NOTE'
            where i.order_id = $1 and i.kind = $2
            """);
        command.Parameters.Add(OrdersDb.Id(orderId));
        command.Parameters.Add(OrdersDb.Text(kind));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new Invoice(
            reader.GetInt64(0), kind, OrdersDb.Utc(reader.GetDateTime(1)), JsonSerializer.Deserialize(reader.GetString(2), OrdersJson.Default.OrderDocument)!,
            JsonSerializer.Deserialize(reader.GetString(3), OrdersJson.Default.Seller)!, reader.IsDBNull(4) ? null : reader.GetInt64(4));
    }
}
