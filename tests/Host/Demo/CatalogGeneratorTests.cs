using System.Diagnostics;
using Rosa.Host.Demo;

namespace Rosa.Host.Tests.Demo;

public sealed class CatalogGeneratorTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    [Fact]
    public void A_hundred_thousand_products_are_distinct_and_made_in_seconds()
    {
        var watch = Stopwatch.StartNew();
        var products = CatalogGenerator.Products(100_000, DemoSeed.Default).ToList();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Equal(100_000, products.Select(product => product.ProductId).Distinct().Count());
        Assert.Equal(100_000, products.Select(product => product.Slug).Distinct().Count());
        Assert.Equal(100_000, products.Select(product => product.French.Title).Distinct().Count());
        Assert.All(products, product => Assert.Equal(product.Price, decimal.Round(product.Price, 2)));
        Assert.All(products, product => Assert.InRange(product.Price, 1m, 250m));
    }

    [Fact]
    public void A_small_catalog_is_the_beginning_of_a_large_one()
    {
        var small = CatalogGenerator.Products(100, DemoSeed.Default);
        var large = CatalogGenerator.Products(1_000, DemoSeed.Default).Take(100);
        Assert.Equal(small.Select(product => (product.ProductId, product.French, product.Price)), large.Select(product => (product.ProductId, product.French, product.Price)));
    }

    [Fact]
    public void Orders_stream_in_time_order_with_distinct_products_and_totals_that_add_up()
    {
        var products = CatalogGenerator.Products(1_000, DemoSeed.Default).ToList();
        var known = products.Select(product => product.ProductId).ToHashSet();
        var last = DateTimeOffset.MinValue;
        var count = 0;
        foreach (var order in CatalogGenerator.Orders(20_000, products, customers: 500, DemoSeed.Default, Now))
        {
            Assert.True(order.PlacedAt >= last && order.PlacedAt <= Now);
            Assert.Equal(order.Lines.Length, order.Lines.Select(line => line.ProductId).Distinct().Count());
            Assert.All(order.Lines, line => Assert.Contains(line.ProductId, known));
            Assert.Equal(order.Lines.Sum(line => line.Quantity * line.UnitPrice), order.TotalAmount);
            last = order.PlacedAt;
            count++;
        }

        Assert.Equal(20_000, count);
    }

    [Fact]
    public void A_million_orders_are_made_in_seconds()
    {
        var products = CatalogGenerator.Products(1_000, DemoSeed.Default).ToList();
        var watch = Stopwatch.StartNew();
        Assert.Equal(1_000_000, CatalogGenerator.Orders(1_000_000, products, customers: 10_000, DemoSeed.Default, Now).Count());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }
}
