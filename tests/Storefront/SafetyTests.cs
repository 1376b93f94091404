using System.Net;

namespace Rosa.Storefront.Tests;

[Collection(nameof(ShopCollection))]
public sealed class SafetyTests(ShopFixture fixture)
{
    [Fact]
    public async Task A_form_without_its_token_or_with_anothers_is_403()
    {
        using var browser = new ShopBrowser(fixture.Shop);
        using var stranger = new ShopBrowser(fixture.Shop);
        await browser.GetAsync("/login");
        await stranger.GetAsync("/login");
        (string, string)[] login = [("email", "a@rosa.example"), ("password", "x")];
        var without = browser.Form(login);
        without.Remove("_csrf");
        var anothers = browser.Form(login);
        anothers["_csrf"] = stranger.Hidden("_csrf");

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync("/login", without)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync("/login", anothers)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SendAsync("/login", browser.Form(login))).StatusCode);
    }

    [Theory]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_form_posted_from_another_site_is_403_even_with_the_token(string header, string value)
    {
        using var browser = new ShopBrowser(fixture.Shop);
        await browser.GetAsync("/login");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/login") { Content = new FormUrlEncodedContent(browser.Form(("email", "a@rosa.example"), ("password", "x"))) };
        request.Headers.Add(header, value);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task The_token_differs_on_every_page_and_stays_good()
    {
        using var browser = new ShopBrowser(fixture.Shop);
        await browser.GetAsync("/login");
        var first = browser.Hidden("_csrf");
        await browser.GetAsync("/login");
        Assert.NotEqual(first, browser.Hidden("_csrf"));
        var form = browser.Form(("look", "dark"), ("back", "/terms"));
        form["_csrf"] = first;
        Assert.Equal("/terms", (await browser.SendAsync("/appearance", form)).Headers.Location!.ToString());
        await browser.GetAsync("/");
        Assert.Contains("data-look=\"dark\"", browser.Page);
    }

    [Theory]
    [InlineData("//elsewhere.example")]
    [InlineData("https://elsewhere.example")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Nobody_is_led_away_after_a_form(string back)
    {
        using var browser = new ShopBrowser(fixture.Shop);
        await browser.GetAsync("/");
        Assert.Equal("/", (await browser.SendAsync("/appearance", browser.Form(("look", "auto"), ("back", back)))).Headers.Location!.ToString());
    }

    [Theory]
    [InlineData("/office")]
    [InlineData("/office/products")]
    [InlineData("/api/home")]
    [InlineData("/api/products")]
    [InlineData("/c/nothing-like-this")]
    [InlineData("/p/not-an-id/x")]
    [InlineData("/assets/site.css")]
    public async Task What_is_not_the_customers_is_a_404_page_in_both_languages(string path)
    {
        foreach (var (language, heading) in ((string, string)[])[("fr", "Cette page s'est sauvée"), ("en", "This page has run away")])
        {
            using var browser = new ShopBrowser(fixture.Shop, language);
            var answer = await browser.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
            Assert.Contains(heading, browser.Page);
        }
    }

    [Fact]
    public async Task Every_page_allows_no_inline_script_or_style_and_no_frame()
    {
        using var browser = new ShopBrowser(fixture.Shop);
        foreach (var path in (string[])["/", "/c/dog", "/search?q=x", "/cart", "/login", "/nope"])
        {
            var answer = await browser.GetAsync(path);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'self'", policy);
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.DoesNotContain("unsafe", policy);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.DoesNotContain(" style=", browser.Page);
            Assert.DoesNotContain(" onclick=", browser.Page);
            Assert.DoesNotMatch("<script(?! type=\"(module|application/ld\\+json)\")", browser.Page);
        }
    }

    [Fact]
    public async Task Tokens_are_in_no_page_and_the_cookie_is_for_this_site_alone()
    {
        using var browser = new ShopBrowser(fixture.Shop);
        await browser.GoToCheckoutAsync();
        var answer = await browser.GetAsync("/account");
        Assert.DoesNotContain("eyJ", browser.Page);
        Assert.Contains("no-store", answer.Headers.CacheControl!.ToString());

        await browser.GetAsync("/login");
        using var fresh = new ShopBrowser(fixture.Shop);
        var cookie = (await fresh.GetAsync("/login")).Headers.GetValues("Set-Cookie").Single(line => line.StartsWith("rosa-storefront=", StringComparison.Ordinal));
        Assert.Contains("samesite=strict", cookie);
        Assert.Contains("httponly", cookie);
        Assert.Contains("path=/", cookie);
    }

    [Fact]
    public async Task Assets_are_kept_for_ever_and_compressed()
    {
        using var browser = new ShopBrowser(fixture.Shop);
        await browser.GetAsync("/");
        var style = System.Text.RegularExpressions.Regex.Match(browser.Page, "href=\"(/assets/site\\.[0-9a-f]{10}\\.css)\"").Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Get, style);
        request.Headers.Add("Accept-Encoding", "br");
        using var plain = new HttpClient { BaseAddress = fixture.Shop.Storefront };
        var answer = await plain.SendAsync(request);
        Assert.Equal("br", answer.Content.Headers.ContentEncoding.Single());
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task A_wrong_name_in_a_products_address_leads_to_the_right_one()
    {
        using var browser = new ShopBrowser(fixture.Shop);
        await browser.GetAsync("/c/dog");
        var right = browser.Products()[0];
        var wrong = right[..(right.LastIndexOf('/') + 1)] + "old-name";
        var answer = await browser.GetAsync(wrong);
        Assert.Equal(HttpStatusCode.MovedPermanently, answer.StatusCode);
        Assert.Equal(right, answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Stock_is_told_live()
    {
        using var browser = new ShopBrowser(fixture.Shop);
        await browser.GetAsync("/search?inStock=true&sort=newest");
        using var http = new HttpClient { BaseAddress = fixture.Shop.Storefront };
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var events = await http.GetStreamAsync($"/live?product={browser.Products()[0].Split('/')[2]}", limit.Token);
        using var reader = new StreamReader(events);
        string? line;
        do line = await reader.ReadLineAsync(limit.Token);
        while (line is not null && !line.StartsWith("event: stock", StringComparison.Ordinal));
        Assert.Equal("event: stock", line);
    }
}
