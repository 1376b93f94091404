using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace Rosa.Browser.Tests;

[Collection(nameof(BrowserCollection))]
public sealed class OfficeTests(BrowserFixture fixture)
{
    [Theory]
    [InlineData("fr", 1440, true)]
    [InlineData("en", 360, true)]
    [InlineData("fr", 360, false)]
    [InlineData("en", 1440, false)]
    public async Task An_employees_day(string language, int width, bool scripts)
    {
        var page = await fixture.OpenOfficeAsync(language, width, scripts);
        await page.EnterAsync(fixture);
        var productId = await page.PutOnSaleAsync("Balle de la cour");
        using var http = new HttpClient { BaseAddress = fixture.Shop.Gateway };
        var product = await http.GetFromJsonAsync<JsonElement>($"/api/products/{productId}");
        Assert.Equal(1, product.GetProperty("images").GetArrayLength());

        var (sent, returned) = (await Office.BuyAsync(fixture, productId), await Office.BuyAsync(fixture, productId));
        await page.GotoAsync("/office/orders");
        await page.Locator($"form[action='/office/orders/{sent}/process'] button").ClickAsync();
        await page.ArriveAsync("**/office/orders?done=order-processing");
        await page.Locator($"a.mini[href='/office/orders/{sent}#ship']").ClickAsync();
        await page.FillAsync("[name=carrier]", "Colissimo");
        await page.FillAsync("[name=trackingNumber]", "6A00012345");
        await page.Locator($"form[action$='/ship'] button").ClickAsync();
        await page.ArriveAsync("**?done=order-shipped");
        await Assertions.Expect(page.Locator("h1 .badge")).ToHaveTextAsync(language == "fr" ? "Expédiée" : "Shipped");
        await Assertions.Expect(page.Locator(".notice.good")).ToBeVisibleAsync();

        await page.GotoAsync($"/office/orders/{returned}");
        await page.Locator(".confirm summary").ClickAsync();
        await page.FillAsync("[name=reason]", language == "fr" ? "Le client a changé d'avis" : "The customer changed their mind");
        await page.Locator("form[action$='/cancel'] button").ClickAsync();
        await page.ArriveAsync("**?done=order-cancelled");
        await Assertions.Expect(page.Locator("h1 .badge")).ToHaveTextAsync(language == "fr" ? "Annulée" : "Cancelled");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Products_that_are_chosen_show_what_can_be_done_with_them()
    {
        var page = await fixture.OpenOfficeAsync("en");
        await page.EnterAsync(fixture);
        await page.GotoAsync("/office/products");
        await Assertions.Expect(page.Locator(".bulk-bar")).ToBeHiddenAsync();
        await page.Locator("input[name=ids]").First.CheckAsync();
        await Assertions.Expect(page.Locator(".bulk-bar")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#to")).ToBeHiddenAsync();
        await page.FillAsync("#percent", "-10");
        await page.Locator(".bulk-bar button").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Change the prices");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_import_shows_how_far_it_is_and_what_became_of_each_line()
    {
        var page = await fixture.OpenOfficeAsync("en");
        await page.EnterAsync(fixture);
        await page.GotoAsync("/office/products/import");
        var lines = Enumerable.Range(1, 60).Select(i => $"IMP-{i},Panier {i},\"Deux\nlignes\",{(i == 40 ? "abc" : "12.50")},dog-beds,3");
        await page.SetInputFilesAsync("[name=file]", new FilePayload { Name = "products.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes($"sku,title,description,price,category,quantity\n{string.Join('\n', lines)}\n") });
        await page.Locator("#import button").ClickAsync();
        await Assertions.Expect(page.Locator(".import-state")).ToHaveTextAsync("Import finished.");
        await Assertions.Expect(page.Locator("[data-count=created]")).ToHaveTextAsync("59");
        await Assertions.Expect(page.Locator("[data-outcome=refused]")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("[data-outcome]")).ToHaveCountAsync(60);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Two_windows_on_one_product_lead_to_both_texts_side_by_side()
    {
        var (first, second) = (await fixture.OpenOfficeAsync("en"), await fixture.OpenOfficeAsync("en"));
        await first.EnterAsync(fixture);
        await second.EnterAsync(fixture, "admin");
        var productId = await first.PutOnSaleAsync("Deux à la fois");
        foreach (var page in new[] { first, second }) await page.GotoAsync($"/office/products/{productId}");
        await first.FillAsync("[name=description]", "What the first one wrote.");
        await first.Locator("#sheet button.primary").ClickAsync();
        await first.ArriveAsync("**?done=product-saved");
        await second.FillAsync("[name=description]", "What the second one wrote.");
        await second.Locator("#sheet button.primary").ClickAsync();
        await Assertions.Expect(second.Locator("td.theirs")).ToHaveTextAsync("What the first one wrote.");
        await Assertions.Expect(second.Locator("td.mine")).ToHaveTextAsync("What the second one wrote.");
        await second.ScreenshotAsync(new() { Path = Path.Combine(BrowserFixture.Pictures, "office-conflict-en-1440-light.png"), FullPage = true });
        await first.Context.CloseAsync();
        await second.Context.CloseAsync();
    }
}
