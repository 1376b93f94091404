using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Rosa.Contracts.Promotions;
using Rosa.Testing;

namespace Rosa.Promotions;

public sealed class ManagePromotionsTests(PromotionsUnderTest promotions) : IClassFixture<PromotionsUnderTest>
{
    static readonly DateTimeOffset yesterday = DateTimeOffset.UtcNow.AddDays(-1), tomorrow = DateTimeOffset.UtcNow.AddDays(1);

    [Fact]
    public async Task A_code_is_created_shown_changed_and_withdrawn()
    {
        var created = await promotions.CreateAsync(new { code = "noel-26", discountPercentage = 15, validFrom = yesterday, validUntil = tomorrow, maxUses = 100 });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("/api/promotions/NOEL-26", created.Headers.Location!.ToString());
        await promotions.RedeemAsync("Noel-26", Guid.CreateVersion7());

        var changed = await promotions.Employee.PutAsJsonAsync("/api/promotions/noel-26", new { discountAmount = 5, validFrom = yesterday, validUntil = tomorrow, maxUses = 50 });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

        var seen = await promotions.Guest.GetFromJsonAsync<JsonElement>("/api/promotions/Noel-26");
        Assert.Equal("NOEL-26", seen.GetProperty("code").GetString());
        Assert.Equal(5m, seen.GetProperty("discountAmount").GetDecimal());
        Assert.Equal(1, seen.GetProperty("usageCount").GetInt32());
        Assert.False(seen.TryGetProperty("maxUses", out _));
        Assert.Equal(50, (await promotions.Employee.GetFromJsonAsync<JsonElement>("/api/promotions/NOEL-26")).GetProperty("maxUses").GetInt32());

        Assert.Equal(HttpStatusCode.NoContent, (await promotions.Employee.DeleteAsync("/api/promotions/noel-26")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await promotions.Employee.DeleteAsync("/api/promotions/noel-26")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await promotions.Guest.GetAsync("/api/promotions/noel-26")).StatusCode);
        Assert.Equal("CODE_UNKNOWN", (await promotions.RedeemAsync("NOEL-26", Guid.CreateVersion7())).Reason);
        Assert.Equal(3, await promotions.CountAsync("select count(*) from promotion_changes where code = 'NOEL-26'"));
        Assert.Equal(1, await promotions.CountAsync("select count(*) from redemptions where code = 'NOEL-26'"));

        var again = await promotions.CreateAsync(new { code = "NOEL-26", discountPercentage = 15, validFrom = yesterday, validUntil = tomorrow });
        Assert.Equal("CODE_TAKEN", (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_code_that_was_never_used_can_be_created_again()
    {
        var code = await promotions.CodeAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await promotions.Employee.DeleteAsync($"/api/promotions/{code}")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await promotions.CreateAsync(new { code, discountPercentage = 15, validFrom = yesterday, validUntil = tomorrow })).StatusCode);
    }

    [Fact]
    public async Task Ten_employees_who_create_the_same_code_at_once_create_it_once()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() =>
            promotions.CreateAsync(new { code = "SAME", discountPercentage = 10 + i, validFrom = yesterday, validUntil = tomorrow }))));
        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Created);
        Assert.Equal(9, responses.Count(response => response.StatusCode == HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData("""{"code":"A","validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":"A","discountPercentage":10,"discountAmount":5,"validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":"A","discountPercentage":0,"validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":"A","discountPercentage":100.01,"validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":"A","discountPercentage":1.001,"validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":"A","discountAmount":-1,"validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":"A","discountAmount":1e20,"validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":"A","discountAmount":1,"validFrom":"2027-01-01T00:00:00Z","validUntil":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":"A","discountAmount":1,"validFrom":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":"A","discountAmount":1,"validFrom":"yesterday","validUntil":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":"A","discountAmount":1,"maxUses":0,"validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":"A","discountAmount":1,"maxUsesPerUser":0,"validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":"A","discountAmount":1,"minCartTotal":-1,"validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":"A","discountAmount":1,"category":"Dog Food","validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":"A","discountAmount":1,"automatic":true,"maxUses":5,"validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"code":"A B","discountAmount":1,"validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"discountAmount":1,"validFrom":"2026-01-01T00:00:00Z","validUntil":"2027-01-01T00:00:00Z"}""")]
    public async Task Terms_that_make_no_sense_are_400(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await promotions.Employee.PostAsync("/api/promotions", new StringContent(body, null, "application/json"))).StatusCode);

    [Fact]
    public async Task Only_employees_manage_codes()
    {
        using var customer = promotions.Service.Client(TestTokens.Shared.Customer(Guid.CreateVersion7()));
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.GetAsync("/api/promotions")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.PostAsJsonAsync("/api/promotions", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.PutAsJsonAsync("/api/promotions/X", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.DeleteAsync("/api/promotions/X")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await promotions.Guest.GetAsync("/api/promotions")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await promotions.Employee.PutAsJsonAsync("/api/promotions/X", new { discountAmount = 5, validFrom = yesterday, validUntil = tomorrow })).StatusCode);
    }

    [Fact]
    public async Task Codes_are_listed_newest_first_page_by_page()
    {
        foreach (var code in new[] { "L1", "L2", "L3" }) await promotions.CreateAsync(new { code, discountAmount = 1, validFrom = yesterday, validUntil = tomorrow });
        var list = await promotions.Employee.GetFromJsonAsync<JsonElement>("/api/promotions?limit=2");
        Assert.Equal(["L3", "L2"], list.GetProperty("promotions").EnumerateArray().Select(p => p.GetProperty("code").GetString()));
        Assert.True(list.GetProperty("total").GetInt32() >= 3);
        foreach (var query in new[] { "page=0", "limit=0", "limit=101", "page=x" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await promotions.Employee.GetAsync("/api/promotions?" + query)).StatusCode);
        }
    }

    [Fact]
    public async Task Active_discounts_are_the_automatic_ones_that_are_valid_now()
    {
        var everywhere = await promotions.CodeAsync(percentage: 5, automatic: true);
        var dogs = await promotions.CodeAsync(amount: 2.50m, category: "dog", automatic: true);
        var typed = await promotions.CodeAsync();
        var later = await promotions.CodeAsync(automatic: true, from: DateTimeOffset.UtcNow.AddHours(1));
        var over = await promotions.CodeAsync(automatic: true, until: DateTimeOffset.UtcNow.AddHours(-1));

        var active = (await promotions.CallAsync(PromotionsGrpc.ActiveDiscounts, new ActiveDiscountsRequest())).Discounts.ToDictionary(d => d.Code);

        Assert.Equal((500, ""), (active[everywhere].DiscountBasisPoints, active[everywhere].Category));
        Assert.Equal((250, "dog"), ((int)active[dogs].DiscountCents, active[dogs].Category));
        Assert.DoesNotContain(active.Keys, code => code == typed || code == later || code == over);
    }
}
