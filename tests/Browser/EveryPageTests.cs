using Microsoft.Playwright;

namespace Rosa.Browser.Tests;

/// <summary>Every page, wide and narrow, light and dark: nothing keeps anybody out, nothing sticks out, and a picture of it is kept.</summary>
/// <remarks>The two other ways to combine language, width and colours are looked at when this is asked for by name.</remarks>
[Collection(nameof(BrowserCollection))]
public sealed class EveryPageTests(BrowserFixture fixture)
{
    [Theory]
    [InlineData("fr", 360, ColorScheme.Light)]
    [InlineData("en", 1440, ColorScheme.Dark)]
    public Task Is_open_to_everybody(string language, int width, ColorScheme look) => LookAsync(language, width, look);

    [Theory]
    [Trait("run", "asked")]
    [InlineData("fr", 1440, ColorScheme.Light)]
    [InlineData("en", 360, ColorScheme.Dark)]
    public Task Is_open_to_everybody_in_any_other_dress(string language, int width, ColorScheme look) => LookAsync(language, width, look);

    async Task LookAsync(string language, int width, ColorScheme look)
    {
        var page = await fixture.OpenAsync(language, width, look: look);
        var check = new PageCheck(fixture, page, $"{language}-{width}-{look.ToString().ToLowerInvariant()}");

        foreach (var (name, path) in ((string, string)[])[
            ("home", "/"), ("category", "/c/dog"), ("search", "/search?q=crokettes"), ("nothing-found", "/search?q=zzzzqqq"), ("cart-empty", "/cart"), ("not-found", "/nothing"),
            ("login", "/login?next=/checkout"), ("register", "/register"), ("reset", "/reset"), ("reset-link", "/account/reset-password?token=x"), ("verify", "/account/verify-email?token=x"),
            ("terms", "/terms"), ("privacy", "/privacy"), ("imprint", "/imprint")])
        {
            await page.GotoAsync(path);
            await check.LookAsync(name);
        }

        await page.GoToCheckoutAsync();
        await page.GotoAsync("/search?inStock=true&sort=-price");
        await page.Locator(".card-link").First.ClickAsync();
        await check.LookAsync("product");
        await page.GotoAsync("/cart");
        await check.LookAsync("cart");
        await page.GotoAsync("/checkout");
        await check.LookAsync("checkout");
        await page.FillAddressAsync();
        await page.CheckAsync("[value=tok_declined]");
        await page.PayAsync();
        await page.Locator(".notice.bad").WaitForAsync();
        await check.LookAsync("checkout-declined");
        await page.CheckAsync("[value=tok_visa]");
        await page.PayAsync();
        await page.ArriveAsync("**/orders/**");
        await check.LookAsync("order");
        foreach (var (name, path) in ((string, string)[])[("orders", "/orders"), ("account", "/account"), ("notifications", "/account/notifications")])
        {
            await page.GotoAsync(path);
            await check.LookAsync(name);
        }
        await page.Context.CloseAsync();
        Assert.True(check.Wrong.Count == 0, string.Join('\n', check.Wrong));
    }
}
