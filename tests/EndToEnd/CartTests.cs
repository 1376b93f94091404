using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Rosa.EndToEnd.Tests;

[Trait("shape", "both")]
public sealed class CartTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    readonly RunningShop shop = fixture.Shop;

    [Fact]
    public async Task A_cart_is_shown_at_present_prices_and_keeps_its_order()
    {
        using var visitor = new Visitor(shop, (await shop.NewCustomerAsync()).Token);
        var (first, second) = (await shop.NewProductAsync(quantity: 3, price: 2.50m), await shop.NewProductAsync(quantity: 0, price: 4m));
        await visitor.PutAsync(first, 1);
        await visitor.PutAsync(second, 2);
        var cart = await visitor.PutAsync(first, 3);

        Assert.Equal([(first, 3), (second, 2)], Lines(cart));
        Assert.Equal(15.50m, cart.GetProperty("totalAmount").GetDecimal());
        var line = cart.GetProperty("items")[0];
        Assert.Equal((2.50m, 7.50m, 3), (line.GetProperty("price").GetDecimal(), line.GetProperty("lineTotal").GetDecimal(), line.GetProperty("available").GetInt32()));
        Assert.Equal(Lines(cart), Lines(await visitor.CartAsync(HttpMethod.Get, "/api/cart")));
        Assert.Equal([(second, 2)], Lines(await visitor.CartAsync(HttpMethod.Delete, $"/api/cart/items/{first}")));
        Assert.Equal([(second, 2)], Lines(await visitor.CartAsync(HttpMethod.Delete, $"/api/cart/items/{first}")));
    }

    [Fact]
    public async Task A_whole_cart_is_replaced_and_the_same_product_on_two_lines_is_summed()
    {
        using var visitor = new Visitor(shop, (await shop.NewCustomerAsync()).Token);
        var (kept, left, added) = (await shop.NewProductAsync(1), await shop.NewProductAsync(1), await shop.NewProductAsync(1));
        await visitor.PutAllAsync((left, 1), (kept, 1));
        var cart = await visitor.PutAllAsync((added, 1), (kept, 5), (added, 2));
        Assert.Equal([(added, 3), (kept, 5)], Lines(cart));
        Assert.Equal(Lines(cart), Lines(await visitor.CartAsync(HttpMethod.Get, "/api/cart")));
        Assert.Empty(Lines(await visitor.PutAllAsync()));
        Assert.Empty(Lines(await visitor.CartAsync(HttpMethod.Get, "/api/cart")));
    }

    [Fact]
    public async Task What_a_guest_chose_is_the_customers_after_signing_in()
    {
        var (both, ofGuest, ofUser) = (await shop.NewProductAsync(9), await shop.NewProductAsync(9), await shop.NewProductAsync(9));
        var (_, token) = await shop.NewCustomerAsync();
        using var customer = new Visitor(shop, token);
        await customer.PutAsync(both, 1);
        await customer.PutAsync(ofUser, 2);

        using var guest = new Visitor(shop, token: null);
        Assert.Empty(Lines(await guest.CartAsync(HttpMethod.Get, "/api/cart")));
        await guest.PutAsync(both, 5);
        await guest.PutAsync(ofGuest, 1);
        guest.Token = token;

        (Guid, int)[] merged = [(both, 5), (ofUser, 2), (ofGuest, 1)];
        Assert.Equal(merged, Lines(await guest.CartAsync(HttpMethod.Get, "/api/cart")));
        Assert.Equal(merged, Lines(await customer.CartAsync(HttpMethod.Get, "/api/cart")));
        guest.Token = null;
        Assert.Empty(Lines(await guest.CartAsync(HttpMethod.Get, "/api/cart")));
    }

    [Fact]
    public async Task A_users_id_in_the_cookie_opens_nobodys_cart()
    {
        var (userId, token) = await shop.NewCustomerAsync();
        using var visitor = new Visitor(shop, token);
        await visitor.PutAsync(await shop.NewProductAsync(1), 1);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(shop.Gateway, "/api/cart"));
        request.Headers.Add("Cookie", $"rosa_cart={userId:N}");
        using var http = new HttpClient();
        using var response = await http.SendAsync(request);
        Assert.Empty(Lines(await response.Content.ReadFromJsonAsync<JsonElement>()));
    }

    [Fact]
    public async Task An_order_takes_what_was_ordered_out_of_the_cart()
    {
        var (_, token) = await shop.NewCustomerAsync();
        using var visitor = new Visitor(shop, token);
        var (ordered, kept) = (await shop.NewProductAsync(1), await shop.NewProductAsync(1));
        await visitor.PutAsync(ordered, 1);
        await visitor.PutAsync(kept, 1);
        Assert.Equal(201, (await shop.OrderAsync(token, RunningShop.OrderOf(ordered))).Status);
        Assert.Equal([(kept, 1)], Lines(await visitor.CartAsync(HttpMethod.Get, "/api/cart")));
    }

    [Fact]
    public async Task What_cannot_be_bought_does_not_get_in()
    {
        using var visitor = new Visitor(shop, (await shop.NewCustomerAsync()).Token);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.SendAsync(HttpMethod.Put, $"/api/cart/items/{Guid.CreateVersion7()}", new { quantity = 1 })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.SendAsync(HttpMethod.Put, "/api/cart/items/17", new { quantity = 1 })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.SendAsync(HttpMethod.Put, $"/api/cart/items/{await shop.NewProductAsync(1)}", new { quantity = 0 })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.SendAsync(HttpMethod.Put, "/api/cart", new { items = new[] { new { productId = Guid.CreateVersion7(), quantity = 1 } } })).StatusCode);
        Assert.Empty(Lines(await visitor.CartAsync(HttpMethod.Get, "/api/cart")));
    }

    static (Guid, int)[] Lines(JsonElement cart) =>
        [.. cart.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("productId").GetGuid(), item.GetProperty("quantity").GetInt32()))];

    /// <summary>A browser: it keeps its cookie.</summary>
    sealed class Visitor(RunningShop shop, string? token) : IDisposable
    {
        readonly HttpClient http = new() { BaseAddress = shop.Gateway };

        public string? Token { get; set; } = token;

        public void Dispose() => http.Dispose();

        public Task<JsonElement> PutAsync(Guid productId, int quantity) => CartAsync(HttpMethod.Put, $"/api/cart/items/{productId}", new { quantity });

        public Task<JsonElement> PutAllAsync(params (Guid ProductId, int Quantity)[] lines) =>
            CartAsync(HttpMethod.Put, "/api/cart", new { items = lines.Select(line => new { productId = line.ProductId, quantity = line.Quantity }) });

        public async Task<JsonElement> CartAsync(HttpMethod method, string path, object? body = null)
        {
            using var response = await SendAsync(method, path, body);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return await response.Content.ReadFromJsonAsync<JsonElement>();
        }

        public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
            if (Token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            return await http.SendAsync(request);
        }
    }
}
