using Microsoft.Playwright;

namespace Rosa.Browser.Tests;

/// <summary>Every page of the shop.</summary>
[Collection(nameof(BrowserCollection))]
public sealed class EveryPageTests(BrowserFixture fixture) : EveryPage
{
    private protected override BrowserFixture Fixture => fixture;

    private protected override Task<IPage> OpenAsync(string language, int width, ColorScheme look) => fixture.OpenAsync(language, width, look: look);

    private protected override async Task VisitAsync(IPage page, PageCheck check)
    {
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
    }
}
