using System.Text.Json;
using Microsoft.Playwright;

namespace Rosa.Browser.Tests;

/// <summary>Every page, wide and narrow, light and dark: nothing keeps anybody out, nothing sticks out, and a picture of it is kept.</summary>
[Collection(nameof(BrowserCollection))]
public sealed class EveryPageTests(BrowserFixture fixture)
{
    const string Rules = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

    [Theory]
    [InlineData("fr", 1440, ColorScheme.Light)]
    [InlineData("en", 1440, ColorScheme.Dark)]
    [InlineData("en", 360, ColorScheme.Light)]
    [InlineData("fr", 360, ColorScheme.Dark)]
    public async Task Is_open_to_everybody(string language, int width, ColorScheme look)
    {
        var page = await fixture.OpenAsync(language, width, look: look);
        var wrong = new List<string>();
        page.PageError += (_, error) => wrong.Add($"script: {error}");

        foreach (var (name, path) in ((string, string)[])[
            ("home", "/"), ("category", "/c/dog"), ("search", "/search?q=crokettes"), ("nothing-found", "/search?q=zzzzqqq"), ("cart-empty", "/cart"), ("not-found", "/nothing"),
            ("login", "/login?next=/checkout"), ("register", "/register"), ("reset", "/reset"), ("reset-link", "/account/reset-password?token=x"), ("verify", "/account/verify-email?token=x"),
            ("terms", "/terms"), ("privacy", "/privacy"), ("imprint", "/imprint")])
        {
            await page.GotoAsync(path);
            await LookAsync(page, name);
        }

        await page.GoToCheckoutAsync();
        await page.GotoAsync("/search?inStock=true&sort=-price");
        await page.Locator(".card-link").First.ClickAsync();
        await LookAsync(page, "product");
        await page.GotoAsync("/cart");
        await LookAsync(page, "cart");
        await page.GotoAsync("/checkout");
        await LookAsync(page, "checkout");
        await page.FillAddressAsync();
        await page.CheckAsync("[value=tok_declined]");
        await page.PayAsync();
        await page.Locator(".notice.bad").WaitForAsync();
        await LookAsync(page, "checkout-declined");
        await page.CheckAsync("[value=tok_visa]");
        await page.PayAsync();
        await page.ArriveAsync("**/orders/**");
        await LookAsync(page, "order");
        foreach (var (name, path) in ((string, string)[])[("orders", "/orders"), ("account", "/account"), ("notifications", "/account/notifications")])
        {
            await page.GotoAsync(path);
            await LookAsync(page, name);
        }
        await page.Context.CloseAsync();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        async Task LookAsync(IPage page, string name)
        {
            // The policy of the page allows no script but its own files; the browser's own console may.
            await page.EvaluateAsync(fixture.Axe);
            var found = await page.EvaluateAsync<JsonElement>($"async () => (await axe.run(document, {{ runOnly: {Rules} }})).violations.map(v => ({{ id: v.id, where: v.nodes.map(n => n.html.slice(0, 160)) }}))");
            wrong.AddRange(found.EnumerateArray().Select(violation => $"{name}: {violation}"));
            if (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") is > 0 and var over) wrong.Add($"{name}: {over} px too wide");
            await page.EvaluateAsync("async () => { for (const image of document.images) image.loading = 'eager'; await Promise.all([...document.images].filter(i => !i.complete).map(i => new Promise(done => i.onload = i.onerror = done))); }");
            await page.ScreenshotAsync(new() { Path = Path.Combine(BrowserFixture.Pictures, $"{name}-{language}-{width}-{look.ToString().ToLowerInvariant()}.png"), FullPage = true });
        }
    }
}
