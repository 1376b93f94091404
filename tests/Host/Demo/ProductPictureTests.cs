using System.Xml.Linq;
using Rosa.Host.Demo;

namespace Rosa.Host.Tests.Demo;

public sealed class ProductPictureTests
{
    [Fact]
    public void Every_motif_with_every_animal_and_palette_is_harmless_well_formed_svg_of_two_to_five_kilobytes()
    {
        var pictures =
            from motif in Enum.GetValues<Motif>()
            from animal in Enum.GetValues<Animal>()
            from variation in Enumerable.Range(0, 24)
            select ProductPicture.Draw(motif, animal, (ulong)(variation * 65));
        foreach (var svg in pictures)
        {
            AssertHarmless(svg);
            Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(svg), 2_000, 5_120);
        }
    }

    [Fact]
    public void The_shop_shows_at_least_thirty_motifs_and_every_palette()
    {
        var products = DemoCatalog.For(DemoSeed.Default).Products;
        Assert.InRange(products.Select(product => product.Motif).Distinct().Count(), 30, 100);
        Assert.All(products, product => AssertHarmless(ProductPicture.Draw(product)));
        var papers = products.Select(product => XDocument.Parse(ProductPicture.Draw(product)).Root!.Elements().First().Attribute("fill")!.Value);
        Assert.Equal(Palette.All.Count, papers.Distinct().Count());
    }

    [Fact]
    public void A_product_always_looks_the_same()
    {
        var product = DemoCatalog.For(DemoSeed.Default).Products[42];
        Assert.Equal(ProductPicture.Draw(product), ProductPicture.Draw(product));
    }

    static void AssertHarmless(string svg)
    {
        var root = XDocument.Parse(svg).Root!;
        Assert.Equal("svg", root.Name.LocalName);
        Assert.Equal("0 0 400 400", root.Attribute("viewBox")?.Value);
        Assert.All(root.Descendants(), element => Assert.Contains(element.Name.LocalName, new[] { "g", "path", "circle", "ellipse", "rect" }));
        Assert.DoesNotContain("href", svg);
        Assert.DoesNotContain("url(", svg);
        Assert.DoesNotContain("{p.", svg);
        Assert.All(root.DescendantsAndSelf().Attributes(), attribute => Assert.False(attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal)));
    }
}
