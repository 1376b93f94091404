using Rosa.Host.Demo;

namespace Rosa.Host.Tests.Demo;

public sealed class CatalogGeneratorTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    [Fact]
    public void A_hundred_thousand_products_are_distinct()
    {
        var products = CatalogGenerator.Products(100_000, DemoSeed.Default).ToList();
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
}
