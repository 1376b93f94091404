using Rosa.Host.Demo;

namespace Rosa.Host.Tests.Demo;

public sealed class DemoCatalogTests
{
    static readonly IReadOnlyList<DemoProduct> Products = DemoCatalog.For(DemoSeed.Default).Products;

    [Fact]
    public void There_are_two_hundred_products_ten_in_each_leaf_category()
    {
        Assert.Equal(200, Products.Count);
        var leaves = DemoCatalog.Categories.Where(category => category.ParentSlug is not null).Select(category => category.Slug);
        Assert.All(leaves, leaf => Assert.Equal(10, Products.Count(product => product.CategorySlug == leaf)));
    }

    [Fact]
    public void Every_category_has_a_known_parent_that_comes_first_and_a_name_in_both_languages()
    {
        var seen = new HashSet<string>();
        foreach (var category in DemoCatalog.Categories)
        {
            Assert.True(category.ParentSlug is null || seen.Contains(category.ParentSlug));
            Assert.True(seen.Add(category.Slug));
            Assert.NotEqual("", category.FrenchName);
            Assert.NotEqual("", category.EnglishName);
        }

        Assert.All(Products, product => Assert.Contains(product.CategorySlug, seen));
    }

    [Fact]
    public void Ids_and_slugs_are_unique_and_ids_are_version_7()
    {
        Assert.Equal(200, Products.Select(product => product.ProductId).Distinct().Count());
        Assert.Equal(200, Products.Select(product => product.Slug).Distinct().Count());
        Assert.All(Products, product => Assert.Equal(7, product.ProductId.Version));
        Assert.All(Products, product => Assert.InRange(product.ProductId.Variant, 8, 11));
        Assert.All(Products, product => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", product.Slug));
    }

    [Fact]
    public void Texts_are_written_and_distinct_in_both_languages()
    {
        foreach (var texts in new[] { Products.Select(product => product.French).ToList(), Products.Select(product => product.English).ToList() })
        {
            Assert.Equal(200, texts.Select(text => text.Title).Distinct().Count());
            Assert.Equal(200, texts.Select(text => text.Description).Distinct().Count());
            Assert.All(texts, text => Assert.InRange(text.Title.Length, 8, 80));
            Assert.All(texts, text => Assert.InRange(text.Description.Length, 100, 400));
        }

        Assert.All(Products, product => Assert.NotEqual(product.French.Description, product.English.Description));
    }

    [Fact]
    public void No_two_variants_of_the_shop_share_a_sentence()
    {
        var variants = DemoCatalog.Families.SelectMany(family => family.Variants).ToList();
        Assert.Equal(200, variants.Select(variant => variant.FrenchSentence).Distinct().Count());
        Assert.Equal(200, variants.Select(variant => variant.EnglishSentence).Distinct().Count());
    }

    [Fact]
    public void Prices_have_two_decimals_and_a_sensible_height()
    {
        Assert.All(Products, product => Assert.Equal(2, product.Price.Scale));
        Assert.All(Products, product => Assert.InRange(product.Price, 1m, 200m));
    }

    [Fact]
    public void Most_shelves_are_full_and_a_few_are_empty()
    {
        Assert.All(Products, product => Assert.InRange(product.Stock, 0, 140));
        Assert.InRange(Products.Count(product => product.Stock == 0), 1, 15);
        Assert.InRange(Products.Count(product => product.Stock >= 12), 160, 195);
    }
}
