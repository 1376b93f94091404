using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using Rosa.Testing;

namespace Rosa.Backoffice.Tests;

/// <summary>Who gets in, and to what.</summary>
[Collection(nameof(OfficeCollection))]
public sealed class AccessTests(OfficeFixture fixture)
{
    public static TheoryData<string> Pages() =>
    [
        "/office", "/office/orders", "/office/orders/list", "/office/products", "/office/products/new", "/office/products/low-stock", "/office/products/import", "/office/products/export",
        "/office/categories", "/office/reviews", "/office/promotions", "/office/promotions/new", "/office/customers", "/office/people", "/office/messages", "/office/templates",
        "/office/reconciliation", "/office/audit", "/office/system",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_guest_is_led_to_the_login_and_back(string path)
    {
        using var browser = new OfficeBrowser(fixture.Shop);
        var answer = await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal($"/office/login?next={Uri.EscapeDataString(path)}", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_customers_token_is_403_on_every_page()
    {
        var (_, token) = await fixture.NewCustomerAsync();
        using var browser = new OfficeBrowser(fixture.Shop, bearer: token);
        foreach (var path in Pages().Select(row => row.Data).Concat(["/", "/office/login", "/office/nothing-here", $"/office/orders/{Guid.NewGuid()}"]))
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, (await browser.GetAsync(path)).StatusCode));
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync($"/office/orders/{Guid.NewGuid()}/process")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync("/office/login", ("email", "a@rosa.example"))).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task An_admin_sees_every_page_in_both_languages(string path)
    {
        foreach (var language in (string[])["fr", "en"])
        {
            using var browser = await fixture.AtWorkAsync("admin", language);
            Assert.Equal((path, HttpStatusCode.OK), (path, (await browser.GetAsync(path)).StatusCode));
            if (path.EndsWith("/export", StringComparison.Ordinal)) continue;
            Assert.Contains($"<html lang=\"{language}\"", browser.Page);
            Assert.DoesNotContain(" style=", browser.Page);
            Assert.DoesNotContain("eyJ", browser.Page);
        }
    }

    [Fact]
    public async Task An_employee_does_not_see_what_is_the_admins()
    {
        using var browser = await fixture.AtWorkAsync();
        var (userId, _) = await fixture.NewCustomerAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/office/people")).StatusCode);
        await browser.GetAsync($"/office/customers/{userId}");
        Assert.DoesNotContain($"/office/customers/{userId}/role", browser.Page);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync($"/office/customers/{userId}/role", ("role", "admin"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync($"/office/customers/{userId}/delete")).StatusCode);
    }

    [Fact]
    public async Task A_customers_password_opens_nothing()
    {
        using var browser = new OfficeBrowser(fixture.Shop);
        var (email, password) = fixture.Shop.Login("customer");
        await browser.GetAsync("/office/login");
        var answer = await browser.PostAsync("/office/login", ("email", email), ("password", password));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("Ce compte est celui d'un client", browser.Page);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.GetAsync("/office")).StatusCode);
    }

    [Fact]
    public async Task A_wrong_password_is_said_and_the_password_is_not_sent_back()
    {
        using var browser = new OfficeBrowser(fixture.Shop, "en");
        await browser.GetAsync("/office/login");
        var answer = await browser.PostAsync("/office/login", ("email", "nobody@rosa.example"), ("password", "quite-wrong-indeed"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("do not go together", browser.Page);
        Assert.Equal("nobody@rosa.example", browser.Value("email"));
        Assert.DoesNotContain("quite-wrong-indeed", browser.Page);
    }

    [Fact]
    public async Task A_session_of_the_storefront_opens_nothing_here()
    {
        var cookies = new CookieContainer();
        using var shop = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = fixture.Shop.Storefront };
        var (email, password) = fixture.Shop.Login("employee");
        var login = await shop.GetStringAsync("/login");
        var token = System.Text.RegularExpressions.Regex.Match(login, "name=\"_csrf\" value=\"([^\"]*)\"").Groups[1].Value;
        await shop.PostAsync("/login", new FormUrlEncodedContent([new("_csrf", token), new("email", email), new("password", password)]));
        var session = cookies.GetCookies(fixture.Shop.Storefront)["rosa-storefront"]!.Value;

        using var browser = new OfficeBrowser(fixture.Shop);
        browser.Cookies.Add(fixture.Shop.Backoffice, new Cookie("rosa-storefront", session));
        browser.Cookies.Add(fixture.Shop.Backoffice, new Cookie("rosa-backoffice", session));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.GetAsync("/office")).StatusCode);
    }

    [Theory]
    [InlineData("/cart")]
    [InlineData("/checkout")]
    [InlineData("/search")]
    [InlineData("/account")]
    [InlineData("/c/dog")]
    [InlineData("/api/products")]
    [InlineData("/api/orders")]
    [InlineData("/office/nothing-here")]
    public async Task What_is_the_storefronts_or_the_apis_is_404(string path)
    {
        using var browser = await fixture.AtWorkAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task The_root_leads_to_the_office()
    {
        using var browser = new OfficeBrowser(fixture.Shop);
        Assert.Equal("/office", (await browser.GetAsync("/")).Headers.Location!.ToString());
    }

    [Fact]
    public async Task A_form_without_its_token_or_from_another_site_changes_nothing()
    {
        using var browser = await fixture.AtWorkAsync();
        var orderId = await fixture.BuyAsync(await fixture.NewProductAsync());
        var path = $"/office/orders/{orderId}/process";
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostAsync(path, new FormUrlEncodedContent([]))).StatusCode);

        await browser.GetAsync($"/office/orders/{orderId}");
        using var foreign = new FormUrlEncodedContent([new("_csrf", browser.Hidden("_csrf"))]);
        using var stranger = await fixture.AtWorkAsync("admin");
        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.PostAsync(path, foreign)).StatusCode);
        Assert.Equal("CONFIRMED", await fixture.StatusAsync(orderId));
    }

    [Fact]
    public async Task Whoever_signs_out_is_out()
    {
        using var browser = await fixture.AtWorkAsync();
        await browser.GetAsync("/office");
        Assert.Equal("/office/login", (await browser.PostAsync("/office/logout")).Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.GetAsync("/office")).StatusCode);
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("//elsewhere.example")]
    [InlineData("/officer")]
    [InlineData("/pictures/x")]
    public async Task After_the_login_nobody_is_led_elsewhere(string next)
    {
        using var browser = new OfficeBrowser(fixture.Shop);
        var (email, password) = fixture.Shop.Login("employee");
        await browser.GetAsync("/office/login");
        var answer = await browser.PostAsync("/office/login", ("email", email), ("password", password), ("next", next));
        Assert.Equal("/office", answer.Headers.Location!.ToString());
    }

    [Fact]
    public void What_is_delivered_as_the_storefront_holds_nothing_of_the_back_office()
    {
        var output = Path.Combine(Source(), "Storefront", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0");
        var files = Directory.GetFiles(output, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => Path.GetFileName(file) == "Rosa.Storefront.dll");
        Assert.DoesNotContain(files, file => Path.GetFileName(file).Contains("Backoffice", StringComparison.OrdinalIgnoreCase));
        foreach (var file in files.Where(file => Path.GetFileName(file) is "Rosa.Storefront.dll" or "Rosa.Storefront.deps.json"))
        {
            var content = File.ReadAllBytes(file);
            foreach (var word in (string[])["Rosa.Backoffice", "/office/products", "OfficeApi"])
                Assert.True(content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) < 0 && content.AsSpan().IndexOf(Encoding.Unicode.GetBytes(word)) < 0, $"{Path.GetFileName(file)} holds {word}");
        }
    }

    static string Source([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "src"));
}
