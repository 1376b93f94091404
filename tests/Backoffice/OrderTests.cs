using System.Net;

namespace Rosa.Backoffice.Tests;

/// <summary>What is done with orders.</summary>
[Collection(nameof(OfficeCollection))]
public sealed class OrderTests(OfficeFixture fixture)
{
    [Fact]
    public async Task An_order_is_packed_shipped_and_delivered()
    {
        using var browser = await fixture.AtWorkAsync();
        var orderId = await fixture.BuyAsync(await fixture.NewProductAsync());
        var path = $"/office/orders/{orderId}";
        await browser.GetAsync("/office/orders");
        Assert.Contains(path, browser.Page);

        Assert.Equal($"{path}?done=order-processing", (await browser.PostAsync($"{path}/process")).Headers.Location!.ToString());
        await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync($"{path}/ship", ("carrier", "Colissimo"), ("trackingNumber", "6A12345"))).StatusCode);
        await browser.GetAsync($"{path}?done=order-shipped");
        Assert.Contains("6A12345", browser.Page);
        Assert.Contains("La commande est expédiée", browser.Page);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync($"{path}/deliver")).StatusCode);
        Assert.Equal("DELIVERED", await fixture.StatusAsync(orderId));
    }

    [Fact]
    public async Task Shipping_without_a_tracking_number_is_said_beside_the_field_and_keeps_what_was_typed()
    {
        using var browser = await fixture.AtWorkAsync(language: "en");
        var orderId = await fixture.BuyAsync(await fixture.NewProductAsync());
        await browser.GetAsync("/office/orders");
        await browser.PostAsync($"/office/orders/{orderId}/process");
        var answer = await browser.PostAsync($"/office/orders/{orderId}/ship", ("carrier", "Chronopost"), ("trackingNumber", " "));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("Chronopost", browser.Value("carrier"));
        Assert.Contains("href=\"#field-trackingNumber\"", browser.Page);
        Assert.Equal("PROCESSING", await fixture.StatusAsync(orderId));
    }

    [Fact]
    public async Task Cancelling_gives_the_money_back_and_says_so()
    {
        using var browser = await fixture.AtWorkAsync();
        var orderId = await fixture.BuyAsync(await fixture.NewProductAsync(price: 37));
        var path = $"/office/orders/{orderId}";
        await browser.GetAsync(path);
        Assert.Contains("Annuler et rembourser 37,00", browser.Page);
        Assert.Equal($"{path}?done=order-cancelled", (await browser.PostAsync($"{path}/cancel", ("reason", "Défaut de fabrication"))).Headers.Location!.ToString());

        var token = await fixture.TokenAsync("employee");
        var payment = await EventuallyAsync(async () => (await fixture.AskAsync(HttpMethod.Get, $"/api/payments?orderId={orderId}", token)).Body.GetProperty("payments")[0], found => found.GetProperty("status").GetString() == "REFUNDED");
        Assert.Equal(37m, payment.GetProperty("refundedAmount").GetDecimal());
        await browser.GetAsync(path);
        Assert.Contains("Remboursée", browser.Page);
        Assert.Contains("Stock remis en rayon", browser.Page);
    }

    [Fact]
    public async Task A_step_that_somebody_else_took_already_is_refused_with_where_the_order_stands()
    {
        using var browser = await fixture.AtWorkAsync();
        var orderId = await fixture.BuyAsync(await fixture.NewProductAsync());
        await browser.GetAsync($"/office/orders/{orderId}");
        await fixture.AskAsync(HttpMethod.Post, $"/api/orders/{orderId}/process", await fixture.TokenAsync("admin"));
        var answer = await browser.PostAsync($"/office/orders/{orderId}/process");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("La commande n'en est plus là", browser.Page);
        Assert.Contains($"/office/orders/{orderId}/ship", browser.Page);
    }

    [Fact]
    public async Task An_order_that_does_not_exist_is_404()
    {
        using var browser = await fixture.AtWorkAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/office/orders/{Guid.NewGuid()}")).StatusCode);
    }

    [Fact]
    public async Task A_search_finds_by_number_and_by_name()
    {
        using var browser = await fixture.AtWorkAsync();
        var name = $"Clémentine{Guid.NewGuid():n}"[..20];
        var (userId, token) = await fixture.NewCustomerAsync(name);
        var orderId = await fixture.BuyAsync(await fixture.NewProductAsync(), token);
        Assert.Equal($"/office/orders/{orderId}", (await browser.GetAsync($"/office/orders/list?q={orderId}")).Headers.Location!.ToString());
        Assert.Equal($"/office/orders/list?customer={userId}", (await browser.GetAsync($"/office/orders/list?q={Uri.EscapeDataString(name)}")).Headers.Location!.ToString());
        await browser.GetAsync($"/office/orders/list?customer={userId}");
        Assert.Contains($"/office/orders/{orderId}", browser.Page);
        await browser.GetAsync("/office/orders/list?q=nobody-is-called-this");
        Assert.Contains("Personne ne s'appelle", browser.Page);
    }

    [Fact]
    public async Task The_day_shows_what_was_sold()
    {
        await fixture.BuyAsync(await fixture.NewProductAsync());
        using var browser = await fixture.AtWorkAsync(language: "en");
        await browser.GetAsync("/office");
        Assert.Contains("Sales of the last 30 days", browser.Page);
        Assert.Contains("<title>", browser.Page);
        Assert.DoesNotContain("is not answering right now", browser.Page);
        Assert.Contains("class=\"lamp good\"", browser.Page);
    }

    static async Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> until)
    {
        for (var tries = 0; ; tries++)
        {
            var answer = await ask();
            if (until(answer) || tries == 600) return answer;
            await Task.Delay(50);
        }
    }
}
