using System.Text.Json;

namespace Rosa.EndToEnd.Tests;

[Trait("shape", "both")]
public sealed class CategoryCodeTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    readonly RunningShop shop = fixture.Shop;

    [Fact]
    public async Task A_code_of_a_category_counts_for_what_employees_put_below_it_whatever_it_is_called()
    {
        await MakeAsync("/api/categories", new { slug = "horse", title = "Cheval" });
        await MakeAsync("/api/categories", new { slug = "saddles", title = "Selles", parent = "horse" });
        await MakeAsync("/api/categories", new { slug = "horse-books", title = "Livres" });
        var saddle = await ProductAsync("saddles");
        var book = await ProductAsync("horse-books");
        await MakeAsync("/api/promotions", new { code = "HORSE", discountPercentage = 10, validFrom = DateTimeOffset.UtcNow.AddDays(-1), validUntil = DateTimeOffset.UtcNow.AddDays(1), category = "horse" });

        // Promotions hears of the tree within some seconds.
        JsonElement answer = default;
        for (var attempt = 0; attempt < 300 && !Applies(answer); attempt++)
        {
            await Task.Delay(100);
            answer = await ValidateAsync("saddles");
        }
        Assert.Equal(10m, answer.GetProperty("discountAmount").GetDecimal());
        Assert.False(Applies(await ValidateAsync("horse-books")), "a category beside it, called alike");

        var (_, customer) = await shop.NewCustomerAsync();
        var (status, order) = await shop.OrderAsync(customer, RunningShop.OrderOf(saddle, promoCode: "HORSE"));
        for (var attempt = 0; attempt < 300 && status == 422; attempt++)   // of several instances of Promotions each hears for itself
        {
            await Task.Delay(100);
            (status, order) = await shop.OrderAsync(customer, RunningShop.OrderOf(saddle, promoCode: "HORSE"));
        }
        Assert.True(status == 201, $"{status} {order}");
        Assert.Equal(10m, order.GetProperty("discount").GetDecimal());
        Assert.Equal(422, (await shop.OrderAsync(customer, RunningShop.OrderOf(book, promoCode: "HORSE"))).Status);
    }

    async Task<JsonElement> MakeAsync(string path, object what)
    {
        var (status, body) = await shop.SendAsync(HttpMethod.Post, path, shop.EmployeeToken, what);
        Assert.True(status == 201, $"{status} {body}");
        return body;
    }

    async Task<Guid> ProductAsync(string category) =>
        (await MakeAsync("/api/products", new { title = category, description = "Pour les chevaux.", price = 100, category, quantity = 10 })).GetProperty("productId").GetGuid();

    async Task<JsonElement> ValidateAsync(string category)
    {
        var (status, body) = await shop.SendAsync(HttpMethod.Post, "/api/promotions/validate", null, new { promoCode = "HORSE", cartTotal = 100, items = new[] { new { category, price = 100 } } });
        Assert.True(status == 200, $"{status} {body}");
        return body;
    }

    static bool Applies(JsonElement answer) => answer.ValueKind == JsonValueKind.Object && answer.GetProperty("isValid").GetBoolean();
}
