using System.Security.Cryptography;
using System.Text;
using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>GET /orders/{orderId}/invoice</c> and <c>/credit-note</c>: the document as Orders made it, to print.</summary>
static class ShowInvoice
{
    public static Task<IResult> Invoice(Guid orderId, ShopApi shop, Visit visit) => ShowAsync(orderId, "invoice", shop, visit);

    public static Task<IResult> CreditNote(Guid orderId, ShopApi shop, Visit visit) => ShowAsync(orderId, "credit-note", shop, visit);

    static async Task<IResult> ShowAsync(Guid orderId, string document, ShopApi shop, Visit visit)
    {
        using var response = await shop.InvoiceAsync(orderId, document);
        if (!response.IsSuccessStatusCode) throw (await Refusal.ReadAsync(response)).ToException();
        var page = await response.Content.ReadAsStringAsync();
        visit.Context.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; style-src {HashOfStyle(page)}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        visit.Context.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Text(page, "text/html", Encoding.UTF8);
    }

    /// <summary>The document brings its own style, which is allowed by what it says and not by where it stands.</summary>
    static string HashOfStyle(string page)
    {
        const string begin = "<style>";
        var start = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var end = page.IndexOf("</style>", StringComparison.Ordinal);
        return start < begin.Length || end < start ? "'none'" : $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page[start..end])))}'";
    }
}
