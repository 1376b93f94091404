using Microsoft.Playwright;

namespace Rosa.Browser.Tests;

/// <summary>Every page of the back office.</summary>
[Collection(nameof(BrowserCollection))]
public sealed class OfficeEveryPageTests(BrowserFixture fixture) : EveryPage
{
    private protected override BrowserFixture Fixture => fixture;

    private protected override Task<IPage> OpenAsync(string language, int width, ColorScheme look) => fixture.OpenOfficeAsync(language, width, look: look);

    private protected override async Task VisitAsync(IPage page, PageCheck check)
    {
        await page.GotoAsync("/office/login");
        await check.LookAsync("office-login");
        await page.EnterAsync(fixture, "admin");
        await check.LookAsync("office-dashboard");

        var productId = await page.PutOnSaleAsync($"Balle de la cour {check.Dress}");
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
            await check.LookAsync($"office-{name}");
        }

        await page.GotoAsync("/office/orders/list");
        await page.Locator("td:nth-child(1) a").Last.ClickAsync();
        await check.LookAsync("office-order-delivered");
        await page.Locator("section[aria-labelledby=who] a").First.ClickAsync();
        await check.LookAsync("office-customer");
        await page.GotoAsync("/office/promotions");
        await page.Locator("td a").First.ClickAsync();
        await check.LookAsync("office-promotion");
        await page.GotoAsync("/office/templates/OrderShipped/email/fr");
        await page.Locator("button[value=preview]").ClickAsync();
        await page.Locator(".preview").WaitForAsync();
        await check.LookAsync("office-template-preview");
        await page.GotoAsync("/office/products/new");
        await page.EvaluateAsync("() => { document.querySelector('.product-form').noValidate = true; }");
        await page.Locator(".product-form button.primary").ClickAsync();
        await page.Locator(".notice.bad").WaitForAsync();
        await check.LookAsync("office-product-refused");
        await page.GotoAsync("/office/products?category=dog-toys");
        await page.Locator("input[name=ids]").First.CheckAsync();
        await page.FillAsync("#percent", "-10");
        await check.LookAsync("office-bulk-bar");
        await page.Locator(".bulk-bar button").ClickAsync();
        await check.LookAsync("office-bulk");
    }
}
