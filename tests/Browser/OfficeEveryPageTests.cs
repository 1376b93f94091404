using System.Text.Json;
using Microsoft.Playwright;

namespace Rosa.Browser.Tests;

/// <summary>Every page of the back office, wide and narrow, light and dark: nothing keeps anybody out, nothing sticks out, and a picture of it is kept.</summary>
[Collection(nameof(BrowserCollection))]
public sealed class OfficeEveryPageTests(BrowserFixture fixture)
{
    const string Rules = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

    [Theory]
    [InlineData("fr", 1440, ColorScheme.Light)]
    [InlineData("en", 1440, ColorScheme.Dark)]
    [InlineData("en", 360, ColorScheme.Light)]
    [InlineData("fr", 360, ColorScheme.Dark)]
    public async Task Is_open_to_everybody_who_works_here(string language, int width, ColorScheme look)
    {
        var page = await fixture.OpenOfficeAsync(language, width, look: look);
        var wrong = new List<string>();
        page.PageError += (_, error) => wrong.Add($"script: {error}");
        await page.GotoAsync("/office/login");
        await LookAsync("login");
        await page.EnterAsync(fixture, "admin");
        await LookAsync("dashboard");

        var productId = await page.PutOnSaleAsync($"Balle de la cour {language} {width}");
        var orderId = await Office.BuyAsync(fixture, productId);
        foreach (var (name, path) in ((string, string)[])[
            ("board", "/office/orders"), ("orders", "/office/orders/list"), ("orders-none", "/office/orders/list?status=PENDING"), ("order", $"/office/orders/{orderId}"),
            ("customers", "/office/customers"), ("promotions", "/office/promotions"), ("promotion-new", "/office/promotions/new"), ("reviews", "/office/reviews"), ("products", "/office/products"),
            ("products-none", "/office/products?q=zzzzqqqq"), ("product", $"/office/products/{productId}"), ("stock", $"/office/products/{productId}/stock"), ("product-new", "/office/products/new"),
            ("low-stock", "/office/products/low-stock"), ("categories", "/office/categories"), ("category", "/office/categories/dog-toys"), ("import", "/office/products/import"),
            ("messages", "/office/messages"), ("templates", "/office/templates"), ("template", "/office/templates/OrderShipped/email/fr"), ("people", "/office/people"),
            ("reconciliation", "/office/reconciliation"), ("audit", "/office/audit"), ("system", "/office/system"), ("not-found", "/office/nothing")])
        {
            await page.GotoAsync(path);
            await LookAsync(name);
        }

        await page.GotoAsync("/office/orders/list");
        await page.Locator("td:nth-child(1) a").Last.ClickAsync();
        await LookAsync("order-delivered");
        await page.Locator("section[aria-labelledby=who] a").First.ClickAsync();
        await LookAsync("customer");
        await page.GotoAsync("/office/promotions");
        await page.Locator("td a").First.ClickAsync();
        await LookAsync("promotion");
        await page.GotoAsync("/office/templates/OrderShipped/email/fr");
        await page.Locator("button[value=preview]").ClickAsync();
        await page.Locator(".preview").WaitForAsync();
        await LookAsync("template-preview");
        await page.GotoAsync("/office/products/new");
        await page.EvaluateAsync("() => { document.querySelector('.product-form').noValidate = true; }");
        await page.Locator(".product-form button.primary").ClickAsync();
        await page.Locator(".notice.bad").WaitForAsync();
        await LookAsync("product-refused");
        await page.GotoAsync("/office/products?category=dog-toys");
        await page.Locator("input[name=ids]").First.CheckAsync();
        await page.FillAsync("#percent", "-10");
        await LookAsync("bulk-bar");
        await page.Locator(".bulk-bar button").ClickAsync();
        await LookAsync("bulk");
        await page.Context.CloseAsync();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        async Task LookAsync(string name)
        {
            await page.EvaluateAsync(fixture.Axe);
            var found = await page.EvaluateAsync<JsonElement>($"async () => (await axe.run(document, {{ runOnly: {Rules} }})).violations.map(v => ({{ id: v.id, where: v.nodes.map(n => n.html.slice(0, 160)) }}))");
            wrong.AddRange(found.EnumerateArray().Select(violation => $"{name}: {violation}"));
            if (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth") is > 0 and var over) wrong.Add($"{name}: {over} px too wide");
            await page.EvaluateAsync("async () => { for (const image of document.images) image.loading = 'eager'; await Promise.all([...document.images].filter(i => !i.complete).map(i => new Promise(done => i.onload = i.onerror = done))); }");
            await page.ScreenshotAsync(new() { Path = Path.Combine(BrowserFixture.Pictures, $"office-{name}-{language}-{width}-{look.ToString().ToLowerInvariant()}.png"), FullPage = true });
        }
    }
}
