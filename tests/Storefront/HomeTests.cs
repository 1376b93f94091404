namespace Rosa.Storefront.Tests;

[Collection(nameof(ShopCollection))]
public sealed class HomeTests(ShopFixture fixture)
{
    [Fact]
    public async Task What_is_rendered_once_for_strangers_is_in_each_ones_language_and_nobodys_own()
    {
        using var french = new ShopBrowser(fixture.Shop);
        using var english = new ShopBrowser(fixture.Shop, "en");
        using var customer = new ShopBrowser(fixture.Shop);
        await customer.GoToCheckoutAsync();

        for (var i = 0; i < 20; i++)
        {
            await Task.WhenAll(french.GetAsync("/"), english.GetAsync("/"), customer.GetAsync("/"));
            Assert.Contains("Nouveautés", french.Page);
            Assert.DoesNotContain("New in the shop", french.Page);
            Assert.Contains("New in the shop", english.Page);
            Assert.DoesNotContain("Nouveautés", english.Page);
            Assert.NotEmpty(french.Products());
            Assert.Equal(french.Products().Count, english.Products().Count);

            Assert.Contains("class=\"top-action\" href=\"/login\"", french.Page);
            Assert.DoesNotContain("class=\"top-action\" href=\"/login\"", customer.Page);
            Assert.Contains("Nouveautés", customer.Page);
        }
    }
}
