using System.Net;

namespace Rosa.Storefront.Tests;

[Collection(nameof(ShopCollection))]
public sealed class BuyingTests(ShopFixture fixture)
{
    [Theory]
    [InlineData("fr", "Merci !")]
    [InlineData("en", "Thank you!")]
    public async Task A_new_customer_buys_in_their_language(string language, string thanks)
    {
        using var browser = new ShopBrowser(fixture.Shop, language);
        await browser.GoToCheckoutAsync(products: 2);
        var paid = await browser.SendAsync("/checkout", browser.Order());
        Assert.Equal(HttpStatusCode.SeeOther, paid.StatusCode);

        await browser.GetAsync(paid.Headers.Location!.ToString());
        Assert.Contains($"lang=\"{language}\"", browser.Page);
        Assert.Contains(thanks, browser.Page);
        Assert.Equal(1, await browser.OrdersAsync());
        await browser.GetAsync("/cart");
        Assert.DoesNotContain("class=\"line ", browser.Page);
    }

    [Fact]
    public async Task Pressing_pay_many_times_at_once_and_again_later_buys_once()
    {
        using var browser = new ShopBrowser(fixture.Shop);
        await browser.GoToCheckoutAsync();
        var form = browser.Order();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => browser.SendAsync("/checkout", form)));
        var later = await browser.SendAsync("/checkout", form);

        var led = answers.Append(later).Select(answer => answer.Headers.Location?.ToString()).Distinct().ToList();
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode));
        Assert.Single(led);
        Assert.Equal(1, await browser.OrdersAsync());
    }

    [Fact]
    public async Task Going_back_and_paying_with_another_address_does_not_buy_again()
    {
        using var browser = new ShopBrowser(fixture.Shop);
        await browser.GoToCheckoutAsync();
        var form = browser.Order();
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SendAsync("/checkout", form)).StatusCode);
        form["line1"] = "13 rue des Lilas";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SendAsync("/checkout", form)).StatusCode);
        Assert.Equal(1, await browser.OrdersAsync());
    }

    [Fact]
    public async Task A_declined_card_keeps_everything_typed_and_the_next_one_pays()
    {
        using var browser = new ShopBrowser(fixture.Shop);
        await browser.GoToCheckoutAsync();
        var key = browser.Hidden("key");
        var declined = await browser.PostAsync("/checkout", [.. browser.Order("tok_declined").Where(field => field.Key != "_csrf").Select(field => (field.Key, field.Value))]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, declined.StatusCode);
        Assert.Contains("Rien n'a été débité", browser.Page);
        Assert.Equal(("12 rue des Lilas", "75011", "Paris"), (browser.Value("line1"), browser.Value("postalCode"), browser.Value("city")));
        Assert.NotEqual(key, browser.Hidden("key"));
        Assert.NotEmpty(browser.Hidden("items"));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SendAsync("/checkout", browser.Order())).StatusCode);
    }

    [Fact]
    public async Task A_broken_provider_leaves_the_same_key_so_that_the_next_try_cannot_buy_twice()
    {
        using var browser = new ShopBrowser(fixture.Shop);
        await browser.GoToCheckoutAsync();
        var key = browser.Hidden("key");
        var failed = await browser.PostAsync("/checkout", [.. browser.Order("tok_error").Where(field => field.Key != "_csrf").Select(field => (field.Key, field.Value))]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, failed.StatusCode);
        Assert.Equal(key, browser.Hidden("key"));
    }

    [Fact]
    public async Task A_promo_code_that_is_not_known_is_said_beside_its_field_and_nothing_is_bought()
    {
        using var browser = new ShopBrowser(fixture.Shop, "en");
        await browser.GoToCheckoutAsync();
        var form = browser.Order(promo: "NOSUCHCODE");
        form["do"] = "promo";
        await browser.PostAsync("/checkout", [.. form.Where(field => field.Key != "_csrf").Select(field => (field.Key, field.Value))]);
        Assert.Contains("We do not know this code.", browser.Page);
        Assert.Contains("aria-invalid=\"true\"", browser.Page);
        Assert.Equal(0, await browser.OrdersAsync());
    }

    [Fact]
    public async Task Missing_fields_are_named_one_by_one()
    {
        using var browser = new ShopBrowser(fixture.Shop, "en");
        await browser.GoToCheckoutAsync();
        var form = browser.Order();
        form["line1"] = form["city"] = " ";
        await browser.PostAsync("/checkout", [.. form.Where(field => field.Key != "_csrf").Select(field => (field.Key, field.Value))]);
        Assert.Contains("href=\"#field-line1\"", browser.Page);
        Assert.Contains("href=\"#field-city\"", browser.Page);
        Assert.DoesNotContain("href=\"#field-postalCode\"", browser.Page);
    }

    [Fact]
    public async Task A_guests_cart_becomes_the_customers_at_login()
    {
        using var browser = new ShopBrowser(fixture.Shop);
        await browser.GetAsync("/search?inStock=true&sort=price");
        await browser.GetAsync(browser.Products()[0]);
        await browser.PostAsync("/cart/items", ("productId", browser.Hidden("productId")), ("quantity", "2"));
        Assert.Equal("/login?next=%2Fcheckout", (await browser.GetAsync("/checkout")).Headers.Location!.ToString());

        await browser.GetAsync("/register?next=/checkout");
        await browser.PostAsync("/register", ("next", "/checkout"), ("firstName", "Léa"), ("lastName", "B"), ("email", $"{Guid.CreateVersion7():n}@rosa.example"), ("password", "une phrase bien longue 42"));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/checkout")).StatusCode);
        Assert.Contains("*2", browser.Hidden("items"));
    }

    [Fact]
    public async Task An_order_can_be_cancelled_on_its_page_and_somebody_elses_does_not_exist()
    {
        using var browser = new ShopBrowser(fixture.Shop);
        await browser.GoToCheckoutAsync();
        var order = (await browser.SendAsync("/checkout", browser.Order())).Headers.Location!.ToString().Split('?')[0];
        await browser.GetAsync(order);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync($"{order}/cancel", ("reason", "changé d'avis"))).StatusCode);
        await browser.GetAsync(order);
        Assert.Contains("Cette commande est annulée", browser.Page);

        using var other = new ShopBrowser(fixture.Shop);
        await other.GoToCheckoutAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(order)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/live?order={order.Split('/')[^1]}")).StatusCode);
    }
}
