using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Host.Demo;
using Rosa.Orders;
using Rosa.Testing;

namespace Rosa.Host.Tests.Demo;

/// <summary>What the services answer from a loaded shop, and whether their books agree.</summary>
public sealed class DemoShopLoaderTests(LoadedShop loaded) : IClassFixture<LoadedShop>
{
    static readonly JsonSerializerOptions asAnswered = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    static readonly string[] withDatabase = ["users", "catalog", "promotions", "payments", "orders", "notifications", "recommendations"];

    [Fact]
    public async Task All_products_are_listed_with_price_stock_and_picture()
    {
        var page = await loaded.GetAsync("catalog", "/api/products?limit=100");
        Assert.Equal(200, page.GetProperty("total").GetInt32());

        using var guest = loaded["catalog"].Client();
        foreach (var product in loaded.Shop.Catalog.Products.Take(20))
        {
            var shown = await loaded.GetAsync("catalog", $"/api/products/{product.ProductId}");
            Assert.Equal((product.French.Title, product.Price, product.Stock, product.CategorySlug),
                (shown.GetProperty("title").GetString(), shown.GetProperty("price").GetDecimal(), shown.GetProperty("stock").GetInt32(), shown.GetProperty("category").GetString()));
            using var picture = await guest.GetAsync(shown.GetProperty("imageUrl").GetString());
            Assert.Equal("image/svg+xml", picture.Content.Headers.ContentType!.MediaType);
            Assert.Equal(ProductPicture.Draw(product), await picture.Content.ReadAsStringAsync());
        }
        Assert.Equal(["25"], await loaded.RowsAsync("catalog", "select count(*) from categories"));
    }

    [Fact]
    public async Task Every_order_reads_as_it_was_made_up()
    {
        var read = new Dictionary<Guid, JsonElement>();
        for (var page = 1; page <= 3; page++)
        {
            var orders = await loaded.GetAsync("orders", $"/api/orders?limit=100&page={page}");
            Assert.Equal(300, orders.GetProperty("total").GetInt32());
            foreach (var order in orders.GetProperty("orders").EnumerateArray()) read.Add(order.GetProperty("orderId").GetGuid(), order);
        }
        Assert.All(loaded.Shop.Orders, order =>
        {
            var shown = read[order.OrderId];
            Assert.Equal(order.Status.ToString().ToUpperInvariant(), shown.GetProperty("status").GetString());
            Assert.Equal((order.TotalAmount, order.Discount, order.FinalAmount),
                (shown.GetProperty("totalAmount").GetDecimal(), shown.GetProperty("discount").GetDecimal(), shown.GetProperty("finalAmount").GetDecimal()));
            Assert.Equal(order.PlacedAt, shown.GetProperty("placedAt").GetDateTimeOffset());
            Assert.Equal(order.Lines.Select(line => (line.Product.ProductId, line.Quantity)),
                shown.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("productId").GetGuid(), item.GetProperty("quantity").GetInt32())));
        });
    }

    [Fact]
    public async Task Every_order_is_what_its_events_make_it_and_has_nothing_left_to_do()
    {
        var orders = loaded["orders"].Services.GetRequiredService<OrdersDb>();
        foreach (var bought in loaded.Shop.Orders)
        {
            var order = await orders.LoadAsync(bought.OrderId);
            Assert.Null(Checkout.Next(order));
            var shown = await loaded.GetAsync("orders", $"/api/orders/{bought.OrderId}");
            Assert.True(JsonElement.DeepEquals(JsonSerializer.SerializeToElement(OrderDocument.From(order), asAnswered), shown), $"{bought.OrderId}");
        }
    }

    [Fact]
    public async Task Uses_of_promo_codes_are_those_of_the_orders()
    {
        Assert.Equal(8, (await loaded.GetAsync("promotions", "/api/promotions")).GetProperty("total").GetInt32());
        Assert.Empty(await loaded.RowsAsync("promotions",
            """
            select p.code from promotions p
            where usage_count <> (select count(*) from redemptions r where r.code = p.code and released_at is null)
               or usage_count <> (select coalesce(sum(uses), 0) from promotion_users u where u.code = p.code)
            """));
        foreach (var promotion in loaded.Shop.Promotions)
        {
            var shown = await loaded.GetAsync("promotions", $"/api/promotions/{promotion.Code}");
            Assert.Equal(
                loaded.Shop.Orders.Count(order => order.PromoCode == promotion.Code && order.Status != DemoOrderStatus.Cancelled), shown.GetProperty("usageCount").GetInt32());
        }
    }

    [Fact]
    public async Task The_money_taken_is_what_the_orders_cost_and_cancelled_ones_were_refunded()
    {
        var paid = await loaded.RowsAsync("payments", "select order_id, status, amount - refunded_amount from payments order by order_id");
        Assert.Equal(
            loaded.Shop.Orders.OrderBy(order => order.OrderId.ToString(), StringComparer.Ordinal)
                .Select(order => order.Status == DemoOrderStatus.Cancelled ? $"{order.OrderId} REFUNDED 0.00" : $"{order.OrderId} CAPTURED {order.FinalAmount:0.00}"), paid);
        Assert.Empty(await loaded.RowsAsync("payments",
            "select payment_id from payments left join test_provider_ledger l on charge_key = payment_id where l.amount is distinct from payments.amount or refunded <> refunded_amount"));
    }

    [Fact]
    public async Task The_inventory_history_of_every_product_adds_up_to_its_stock()
    {
        Assert.Empty(await loaded.RowsAsync("catalog",
            "select product_id from stock s left join stock_movements m using (product_id) group by product_id having s.available <> coalesce(sum(change), 0) or min(m.available) < 0"));
        Assert.Empty(await loaded.RowsAsync("catalog",
            """
            select movement_id from (
              select movement_id, available - change - lag(available, 1, 0) over (partition by product_id order by movement_id) as jump from stock_movements) moves
            where jump <> 0
            """));
    }

    [Fact]
    public async Task A_demo_customer_signs_in_and_finds_their_orders_and_notifications()
    {
        var customer = loaded.Shop.Orders[0].Customer;
        using var guest = loaded["users"].Client();
        using var session = await guest.PostAsJsonAsync("/api/users/login", new { email = customer.Email, password = LoadedShop.Password });
        Assert.True(session.IsSuccessStatusCode);

        var token = TestTokens.Shared.Customer(customer.CustomerId);
        var bought = loaded.Shop.Orders.Count(order => order.Customer == customer);
        Assert.Equal(bought, (await loaded.GetAsync("orders", "/api/orders", token)).GetProperty("total").GetInt32());
        Assert.Equal(bought + 1, (await loaded.GetAsync("notifications", "/api/notifications", token)).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_demo_customer_is_recommended_what_goes_with_what_they_bought()
    {
        var standing = loaded.Shop.Orders.Where(order => order.Status != DemoOrderStatus.Cancelled).ToList();
        Assert.Equal([$"{standing.Count}"], await loaded.RowsAsync("recommendations", "select count(*) from orders"));

        var bought = standing.GroupBy(order => order.Customer).MaxBy(orders => orders.Count())!;
        var answer = await loaded.GetAsync("recommendations", $"/api/recommendations/{bought.Key.CustomerId}", TestTokens.Shared.Customer(bought.Key.CustomerId));
        var suggested = answer.GetProperty("recommendations").EnumerateArray().ToList();
        var products = loaded.Shop.Catalog.Products.ToDictionary(product => product.ProductId);
        Assert.Equal(5, suggested.Count);
        Assert.All(suggested, entry =>
        {
            var product = products[entry.GetProperty("productId").GetGuid()];
            Assert.True(product.Stock > 0 && !bought.SelectMany(order => order.Lines).Any(line => line.Product.ProductId == product.ProductId));
            Assert.Equal(product.French.Title, entry.GetProperty("title").GetString());
        });
        Assert.Contains(suggested, entry => products[entry.GetProperty("productId").GetGuid()].Animal == bought.Key.Animal);
        Assert.Contains(suggested, entry => entry.GetProperty("reason").GetString()!.StartsWith("Parce que vous avez acheté « ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Loading_again_changes_nothing()
    {
        var before = await Task.WhenAll(withDatabase.Select(loaded.ContentsAsync));
        Assert.False(await loaded.Loader.LoadAsync("another password", default));
        Assert.Equal(before, await Task.WhenAll(withDatabase.Select(loaded.ContentsAsync)));
    }
}

/// <summary>In a shop of its own, because it changes it.</summary>
public sealed class LoadedShopLivesTests(LoadedShop loaded) : IClassFixture<LoadedShop>
{
    [Fact]
    public async Task An_order_of_the_past_that_is_not_shipped_is_cancelled_like_any_other()
    {
        var order = loaded.Shop.Orders.Last(order => order.Status is DemoOrderStatus.Confirmed or DemoOrderStatus.Processing);
        using var employee = loaded.Client("orders");
        using var cancelled = await employee.PostAsJsonAsync($"/api/orders/{order.OrderId}/cancel", new { reason = "The parcel fell into the pond." });
        Assert.True(cancelled.IsSuccessStatusCode, await cancelled.Content.ReadAsStringAsync());

        var payments = await loaded.GetAsync("payments", $"/api/payments?orderId={order.OrderId}");
        Assert.Equal("REFUNDED", payments.GetProperty("payments")[0].GetProperty("status").GetString());
        foreach (var line in order.Lines)
        {
            var shown = await loaded.GetAsync("catalog", $"/api/products/{line.Product.ProductId}");
            Assert.Equal(line.Product.Stock + line.Quantity, shown.GetProperty("stock").GetInt32());
        }
    }
}
