using System.Net.Http.Headers;
using System.Text.Json;
using Npgsql;

namespace Rosa.EndToEnd.Tests;

[Trait("shape", "both")]
public sealed class InvoiceTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    readonly RunningShop shop = fixture.Shop;

    [Fact]
    public async Task Numbers_have_no_gaps_however_many_buy_and_cancel_at_once()
    {
        const int buyers = 8, each = 5;
        var product = await shop.NewProductAsync(quantity: 1_000);
        var numbers = (await Task.WhenAll(Enumerable.Range(0, buyers).Select(async buyer =>
        {
            var (_, token) = await shop.NewCustomerAsync();
            var issued = new List<long>();
            for (var i = 0; i < each; i++)
            {
                var (_, order) = await shop.OrderAsync(token, RunningShop.OrderOf(product, cardToken: i == 1 ? "tok_declined" : "tok_visa"));
                if (i == 1) continue;
                var id = order.GetProperty("orderId").GetGuid();
                issued.Add((await DocumentAsync(token, $"/api/orders/{id}/invoice")).GetProperty("number").GetInt64());
                if (i != 2) continue;
                await shop.SendAsync(HttpMethod.Post, $"/api/orders/{id}/cancel", token, new { reason = "changed my mind" });
                var note = await DocumentAsync(token, $"/api/orders/{id}/credit-note");
                Assert.Equal(issued[^1], note.GetProperty("creditedNumber").GetInt64());
                issued.Add(note.GetProperty("number").GetInt64());
            }
            return issued;
        }))).SelectMany(issued => issued).Order().ToList();
        Assert.Equal(buyers * each, numbers.Count);
        Assert.Equal(numbers, Enumerable.Range(0, numbers.Count).Select(i => numbers[0] + i));
    }

    [Fact]
    public async Task An_invoice_is_a_page_to_print_for_its_customer_alone()
    {
        var (_, token) = await shop.NewCustomerAsync();
        await shop.NewPromoAsync("PAGE");
        var (_, order) = await shop.OrderAsync(token, RunningShop.OrderOf(await shop.NewProductAsync(quantity: 200, price: 12m), quantity: 100, promoCode: "PAGE"));
        var path = $"/api/orders/{order.GetProperty("orderId").GetGuid()}/invoice";

        var french = await PageAsync(token, path, "fr");
        Assert.Contains("<h1>Facture ", french, StringComparison.Ordinal);
        Assert.Contains("1\u202f080,00 EUR", french, StringComparison.Ordinal);
        Assert.Contains("180,00 EUR", french, StringComparison.Ordinal);   // of which VAT
        Assert.Contains("Corde à mâcher", french, StringComparison.Ordinal);
        Assert.Contains("<h1>Invoice ", await PageAsync(token, path, "en"), StringComparison.Ordinal);

        var (_, other) = await shop.NewCustomerAsync();
        Assert.Equal(404, (await shop.SendAsync(HttpMethod.Get, path, other)).Status);
        Assert.Equal(401, (await shop.SendAsync(HttpMethod.Get, path, token: null)).Status);
        Assert.Equal(404, (await shop.SendAsync(HttpMethod.Get, path.Replace("invoice", "credit-note", StringComparison.Ordinal), token)).Status);
    }

    [Fact]
    public async Task A_deleted_customer_leaves_orders_without_an_address_and_invoices_as_they_were()
    {
        var (userId, token) = await shop.NewCustomerAsync();
        var product = await shop.NewProductAsync(quantity: 10);
        var (_, ended) = await shop.OrderAsync(token, RunningShop.OrderOf(product));
        var (_, open) = await shop.OrderAsync(token, RunningShop.OrderOf(product));
        await DocumentAsync(token, $"/api/orders/{ended.GetProperty("orderId").GetGuid()}/invoice");
        await FulfilAsync(ended);
        Assert.Equal(204, (await shop.SendAsync(HttpMethod.Delete, $"/api/users/{userId}", token)).Status);

        await UntilAsync(async () => await NameAsync(ended) == "");
        Assert.Equal("Test Customer", await NameAsync(open));   // the parcel is still to be sent
        Assert.Contains("Test Customer", (await DocumentAsync(shop.EmployeeToken, $"/api/orders/{ended.GetProperty("orderId").GetGuid()}/invoice")).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync($"select count(*) from order_events where order_id = '{ended.GetProperty("orderId").GetGuid()}' and data::text like '%rue de%'"));
    }

    async Task FulfilAsync(JsonElement order)
    {
        var path = $"/api/orders/{order.GetProperty("orderId").GetGuid()}";
        await shop.SendAsync(HttpMethod.Post, $"{path}/process", shop.EmployeeToken);
        await shop.SendAsync(HttpMethod.Post, $"{path}/ship", shop.EmployeeToken, new { carrier = "La Poste", trackingNumber = "1" });
        Assert.Equal(200, (await shop.SendAsync(HttpMethod.Post, $"{path}/deliver", shop.EmployeeToken)).Status);
    }

    async Task<string?> NameAsync(JsonElement order) =>
        (await shop.SendAsync(HttpMethod.Get, $"/api/orders/{order.GetProperty("orderId").GetGuid()}", shop.EmployeeToken)).Body.GetProperty("shipping").GetProperty("address").GetProperty("name").GetString();

    async Task<long> CountAsync(string sql)
    {
        await using var connection = await shop.ReadAsync("orders");
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    async Task<JsonElement> DocumentAsync(string token, string path) => JsonDocument.Parse(await GetAsync(token, path, "application/json", "fr")).RootElement;

    Task<string> PageAsync(string token, string path, string language) => GetAsync(token, path, "text/html", language);

    async Task<string> GetAsync(string token, string path, string mediaType, string language)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(shop.Gateway, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.ParseAdd(mediaType);
        request.Headers.AcceptLanguage.ParseAdd(language);
        using var response = await http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadAsStringAsync();
    }

    static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 600; i++)
        {
            if (await condition()) return;
            await Task.Delay(100);
        }
        Assert.Fail("It did not happen within 20 seconds.");
    }
}
