using System.Net;

namespace Rosa.Backoffice.Tests;

/// <summary>Promotions, people, messages, control.</summary>
[Collection(nameof(OfficeCollection))]
public sealed class ShopKeepingTests(OfficeFixture fixture)
{
    [Fact]
    public async Task A_promotion_that_was_made_here_counts_in_the_shop_until_it_is_withdrawn()
    {
        using var browser = await fixture.AtWorkAsync();
        var code = $"TEST{Guid.NewGuid():n}"[..16].ToUpperInvariant();
        await browser.GetAsync("/office/promotions/new");
        (string, string)[] terms = [("code", code), ("kind", "percentage"), ("off", "15"), ("validFrom", "2020-01-01T00:00"), ("validUntil", "2090-01-01T00:00"), ("maxUses", "10")];
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync("/office/promotions/new", terms)).StatusCode);
        async Task<bool> IsValidAsync() => (await fixture.AskAsync(HttpMethod.Post, "/api/promotions/validate", null, new { promoCode = code, cartTotal = 100 })).Body.GetProperty("isValid").GetBoolean();
        Assert.True(await IsValidAsync());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync("/office/promotions/new", terms)).StatusCode);
        Assert.Contains("Ce code existe déjà", browser.Page);
        await browser.GetAsync($"/office/promotions/{code}");
        Assert.Equal("15", browser.Value("off"));
        var wrong = await browser.PostAsync($"/office/promotions/{code}", ("kind", "percentage"), ("off", "15"), ("validFrom", "2030-01-01T00:00"), ("validUntil", "2029-01-01T00:00"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
        Assert.Contains("La fin vient après le début", browser.Page);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync($"/office/promotions/{code}/withdraw")).StatusCode);
        Assert.False(await IsValidAsync());
    }

    [Fact]
    public async Task An_admin_gives_a_role_and_the_audit_log_remembers()
    {
        using var browser = await fixture.AtWorkAsync("admin");
        var (userId, _) = await fixture.NewCustomerAsync("Future");
        await browser.GetAsync($"/office/customers/{userId}");
        Assert.Equal($"/office/customers/{userId}?done=role-changed", (await browser.PostAsync($"/office/customers/{userId}/role", ("role", "employee"))).Headers.Location!.ToString());
        await browser.GetAsync("/office/people");
        Assert.Contains($"/office/customers/{userId}", browser.Page);
        await browser.GetAsync("/office/audit");
        Assert.Contains($"/api/users/{userId}/role", browser.Page);
    }

    [Fact]
    public async Task A_template_is_previewed_before_it_is_saved_and_comes_back()
    {
        using var browser = await fixture.AtWorkAsync();
        const string path = "/office/templates/OrderDelivered/in-app/fr";
        await browser.GetAsync(path);
        await browser.PostAsync(path, ("tag", browser.Hidden("tag")), ("subject", "Livrée par {{shop.name}} !"), ("text", "C'est arrivé."), ("do", "preview"));
        Assert.Matches("Livrée par [^{}]+ !</p>", browser.Page);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync(path, ("tag", browser.Hidden("tag")), ("subject", "Livrée !"), ("text", "C'est arrivé."), ("do", "save"))).StatusCode);
        await browser.GetAsync(path);
        Assert.Equal("Livrée !", browser.Value("subject"));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync($"{path}/reset")).StatusCode);
        await browser.GetAsync(path);
        Assert.NotEqual("Livrée !", browser.Value("subject"));
    }

    [Fact]
    public async Task A_template_with_a_place_that_does_not_exist_is_refused_beside_the_text()
    {
        using var browser = await fixture.AtWorkAsync();
        const string path = "/office/templates/OrderShipped/sms/en";
        await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync(path, ("tag", browser.Hidden("tag")), ("text", "{{no.such.place}}"), ("do", "save"))).StatusCode);
        Assert.Contains("aria-invalid=\"true\"", browser.Page);
    }

    [Fact]
    public async Task A_reconciliation_is_run_from_here()
    {
        using var browser = await fixture.AtWorkAsync(language: "en");
        await browser.GetAsync("/office/reconciliation");
        var answer = await browser.PostAsync("/office/reconciliation");
        Assert.StartsWith("/office/reconciliation?", answer.Headers.Location!.ToString());
        await browser.GetAsync("/office/reconciliation");
        Assert.Contains("Latest comparison", browser.Page);
    }

    [Fact]
    public async Task Every_service_is_shown_with_what_waits_in_it()
    {
        using var browser = await fixture.AtWorkAsync(language: "en");
        await browser.GetAsync("/office/system");
        foreach (var service in (string[])["Accounts", "Catalog", "Payments", "Orders", "Messages"]) Assert.Contains(service, browser.Page);
        Assert.DoesNotContain("Not answering", browser.Page);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync($"/office/system/orders/dead-letters/{Guid.NewGuid()}/retry")).StatusCode);
    }

    [Fact]
    public async Task The_routes_that_were_made_for_it_are_closed_to_customers()
    {
        var (_, token) = await fixture.NewCustomerAsync();
        foreach (var path in (string[])["/api/orders/summary", "/api/operations", "/api/products/low-stock", "/api/products/ratings", $"/api/products/{Guid.NewGuid()}/sheet"])
        {
            Assert.Equal((path, 403), (path, (await fixture.AskAsync(HttpMethod.Get, path, token)).Status));
            Assert.Equal((path, 401), (path, (await fixture.AskAsync(HttpMethod.Get, path)).Status));
        }
        Assert.Equal(403, (await fixture.AskAsync(HttpMethod.Delete, $"/api/products/{Guid.NewGuid()}/ratings/{Guid.NewGuid()}", token)).Status);
        Assert.Equal(403, (await fixture.AskAsync(HttpMethod.Post, $"/api/operations/orders/dead-letters/{Guid.NewGuid()}/retry", token)).Status);
    }
}
