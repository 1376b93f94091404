using System.Security.Cryptography;
using System.Text.Json;
using Rosa.Host.Demo;

namespace Rosa.Host.Tests.Demo;

public sealed class DemoShopTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);
    static readonly DemoShop Shop = DemoShop.Create(DemoSeed.Default, Now);

    [Fact]
    public void The_same_seed_gives_the_same_shop()
    {
        var hash = Hash(DemoShop.Create(DemoSeed.Default, Now));
        Assert.True(hash == "c25c9f994a3be67ea2bdc8020ae751465e364d7f92c41094b6cd092c7dcfce09", $"The shop was changed. If on purpose, its hash is {hash} now.");
    }

    [Fact]
    public void Another_seed_gives_another_shop() => Assert.NotEqual(Hash(Shop), Hash(DemoShop.Create(new DemoSeed(7), Now)));

    [Fact]
    public void Fifty_customers_are_plainly_invented()
    {
        Assert.Equal(50, Shop.Customers.Count);
        Assert.Equal(50, Shop.Customers.Select(customer => customer.Email).Distinct().Count());
        Assert.Equal(50, Shop.Customers.Select(customer => customer.FirstName).Distinct().Count());
        Assert.All(Shop.Customers, customer => Assert.EndsWith("@rosa.example", customer.Email));
        Assert.All(Shop.Customers, customer => Assert.Equal("Exemple", customer.LastName));
        Assert.Equal(5, Shop.Customers.Select(customer => customer.Animal).Distinct().Count());
    }

    [Fact]
    public void Each_promotion_has_either_a_percentage_or_an_amount_and_every_rule_is_shown_once()
    {
        Assert.All(Shop.Promotions, promotion => Assert.True(promotion.DiscountPercentage is null != promotion.DiscountAmount is null));
        Assert.Single(Shop.Promotions, promotion => promotion.ValidUntil < Now);
        Assert.Single(Shop.Promotions, promotion => promotion.ValidFrom > Now);
        Assert.Single(Shop.Promotions, promotion => promotion.Automatic);
        Assert.Single(Shop.Promotions, promotion => promotion.MaxUses is not null);
        Assert.Single(Shop.Promotions, promotion => promotion.MaxUsesPerUser == 1);
    }

    [Fact]
    public void Orders_lie_within_ninety_days_and_their_history_rises_to_now()
    {
        Assert.Equal(300, Shop.Orders.Count);
        foreach (var order in Shop.Orders)
        {
            Assert.InRange(order.PlacedAt, Now.AddDays(-90), Now.AddHours(-2));
            Assert.Equal(order.History.OrderBy(step => step.At).ThenBy(step => step.Status), order.History);
            Assert.True(order.History[^1].At <= Now);
            Assert.True(order.Customer.RegisteredAt < order.PlacedAt);
        }
    }

    [Fact]
    public void Most_orders_are_delivered_and_every_later_status_occurs()
    {
        var counts = Shop.Orders.CountBy(order => order.Status).ToDictionary();
        Assert.InRange(counts[DemoOrderStatus.Delivered], 230, 290);
        Assert.All(
            [DemoOrderStatus.Confirmed, DemoOrderStatus.Processing, DemoOrderStatus.Shipped, DemoOrderStatus.Cancelled],
            status => Assert.InRange(counts.GetValueOrDefault(status), 1, 40));
    }

    [Fact]
    public void Amounts_add_up_and_no_code_is_used_against_its_rules()
    {
        foreach (var order in Shop.Orders)
        {
            Assert.NotEmpty(order.Lines);
            Assert.Equal(order.Lines.Count, order.Lines.Select(line => line.Product.ProductId).Distinct().Count());
            Assert.Equal(order.TotalAmount - order.Discount, order.FinalAmount);
            Assert.InRange(order.FinalAmount, 0.01m, order.TotalAmount);
            var promotion = Shop.Promotions.SingleOrDefault(promotion => promotion.Code == order.PromoCode);
            Assert.Equal(promotion?.Discount(order.Lines, order.PlacedAt) ?? 0m, order.Discount);
        }

        var codes = Shop.Orders.Where(order => order.PromoCode is not null).ToList();
        Assert.InRange(codes.Count, 20, 120);
        Assert.All(
            codes.Where(order => order.PromoCode == DemoPromotions.OncePerCustomer).CountBy(order => order.Customer.CustomerId),
            uses => Assert.Equal(1, uses.Value));
    }

    [Fact]
    public void People_buy_for_their_own_animal()
    {
        var lines = Shop.Orders.SelectMany(order => order.Lines.Select(line => line.Product.Animal == order.Customer.Animal)).ToList();
        Assert.InRange(lines.Count(own => own), lines.Count * 80 / 100, lines.Count);
    }

    [Theory]
    [InlineData(Motif.KibbleBag, Motif.Bowl)]
    [InlineData(Motif.Litter, Motif.Scoop)]
    [InlineData(Motif.Cushion, Motif.Brush)]
    internal void What_goes_together_is_bought_together(Motif bought, Motif then)
    {
        var with = Shop.Orders.Where(order => order.Lines.Any(line => line.Product.Motif == bought)).ToList();
        var together = with.Count(order => order.Lines.Any(line => line.Product.Motif == then));
        var overall = Shop.Orders.Count(order => order.Lines.Any(line => line.Product.Motif == then));
        Assert.True(
            together * Shop.Orders.Count > 2 * overall * with.Count,
            $"{then} is in {together} of {with.Count} orders with {bought}, and in {overall} of all {Shop.Orders.Count}.");
    }

    [Fact]
    public void Households_keep_to_their_food_and_buy_the_next_time_what_they_did_without()
    {
        // Of the orders of one customer that hold food after the first, most hold one that they had before.
        var byCustomer = Shop.Orders.GroupBy(order => order.Customer).Select(orders => orders.ToList()).ToList();
        static List<DemoProduct> Food(DemoOrder order) => [.. order.Lines.Select(line => line.Product).Where(product => product.Motif is Motif.KibbleBag or Motif.Tin or Motif.SeedBag or Motif.FlakesTin)];
        var later = byCustomer.SelectMany(orders => orders.Select((order, index) => (Food: Food(order), Before: orders.Take(index).SelectMany(Food).ToList())))
            .Where(order => order.Food.Count > 0 && order.Before.Count > 0).ToList();
        Assert.InRange(later.Count(order => order.Food.Any(order.Before.Contains)), later.Count / 3, later.Count);

        // A scoop comes after litter that came without one far more often than in any other order.
        static bool Has(DemoOrder order, Motif motif) => order.Lines.Any(line => line.Product.Motif == motif);
        var pairs = byCustomer.SelectMany(orders => orders.Zip(orders.Skip(1))).ToList();
        var missing = pairs.Where(pair => Has(pair.First, Motif.Litter) && !Has(pair.First, Motif.Scoop)).ToList();
        Assert.True(missing.Count(pair => Has(pair.Second, Motif.Scoop)) * pairs.Count > 2 * missing.Count * pairs.Count(pair => Has(pair.Second, Motif.Scoop)));
    }

    static string Hash(DemoShop shop)
    {
        var pictures = shop.Catalog.Products.Select(ProductPicture.Draw);
        var all = JsonSerializer.SerializeToUtf8Bytes(new { DemoCatalog.Categories, shop, pictures });
        return Convert.ToHexStringLower(SHA256.HashData(all));
    }
}
