using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace Rosa.Browser.Tests;

/// <summary>The back office in a window, and customers who buy over HTTP meanwhile.</summary>
static class Office
{
    /// <summary>Draws a picture as a camera would deliver it.</summary>
    public static readonly byte[] Picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    public static Task<IPage> OpenOfficeAsync(this BrowserFixture fixture, string language = "fr", int width = 1440, bool scripts = true, ColorScheme look = ColorScheme.Light) =>
        fixture.OpenAtAsync(fixture.Shop.Backoffice, language, width, scripts, look);

    public static async Task EnterAsync(this IPage page, BrowserFixture fixture, string role = "employee")
    {
        var (email, password) = fixture.Shop.Login(role);
        await page.GotoAsync("/office");
        await page.FillAsync("[name=email]", email);
        await page.FillAsync("[name=password]", password);
        await page.Locator(".door button.primary").ClickAsync();
        await page.ArriveAsync("**/office");
    }

    /// <summary>Fills in a new product with a picture and puts it on sale; its id.</summary>
    public static async Task<Guid> PutOnSaleAsync(this IPage page, string title)
    {
        await page.GotoAsync("/office/products/new");
        await page.FillAsync("[name=title]", title);
        await page.FillAsync("[name=description]", "Une balle qui ne roule jamais sous le canapé.");
        await page.FillAsync("[name=titleEn]", "Ball of the yard");
        await page.FillAsync("[name=descriptionEn]", "A ball that never rolls under the sofa.");
        await page.FillAsync("[name=price]", "14,50");
        await page.SelectOptionAsync("[name=category]", "dog-toys");
        await page.FillAsync("[name=quantity]", "12");
        await page.SetInputFilesAsync("[name=pictures]", new FilePayload { Name = "balle.png", MimeType = "image/png", Buffer = Picture });
        await page.Locator(".product-form button.primary").ClickAsync();
        await page.ArriveAsync("**?done=product-created");
        return Guid.Parse(new Uri(page.Url).Segments[^1]);
    }

    public static async Task<Guid> BuyAsync(BrowserFixture fixture, Guid productId)
    {
        using var http = new HttpClient { BaseAddress = fixture.Shop.Gateway };
        using var registered = await http.PostAsJsonAsync("/api/users/register", new { email = $"{Guid.CreateVersion7():n}@rosa.example", password = Customer.Password, firstName = "Zoé", lastName = "Martin" });
        var token = (await registered.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var bought = await http.PostAsJsonAsync("/api/orders", new
        {
            items = new[] { new { productId, quantity = 2 } },
            shippingAddress = new { name = "Zoé Martin", line1 = "12 rue des Lilas", postalCode = "75011", city = "Paris", country = "FR" },
            payment = new { method = "card", cardToken = "tok_visa" },
        });
        var order = await bought.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("CONFIRMED", order.GetProperty("status").GetString());
        return order.GetProperty("orderId").GetGuid();
    }
}
