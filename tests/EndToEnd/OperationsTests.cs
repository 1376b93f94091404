using System.Text.Json;
using Npgsql;

namespace Rosa.EndToEnd.Tests;

/// <summary>What those see who run the shop: figures, the health of the services, and events that nobody could handle.</summary>
public sealed class OperationsTests(OwnShopFixture fixture) : IClassFixture<OwnShopFixture>
{
    readonly RunningShop shop = fixture.Shop;

    [Fact]
    public async Task Sales_are_summed_by_day_and_orders_counted_by_status()
    {
        var product = await shop.NewProductAsync(quantity: 5, price: 12.5m);
        var (_, customer) = await shop.NewCustomerAsync();
        var before = await SummaryAsync();
        await shop.OrderAsync(customer, RunningShop.OrderOf(product));
        var after = await SummaryAsync();

        static JsonElement Today(JsonElement summary) => summary.GetProperty("days").EnumerateArray().Last();
        Assert.Equal(7, after.GetProperty("days").GetArrayLength());
        Assert.Equal(Today(before).GetProperty("orders").GetInt32() + 1, Today(after).GetProperty("orders").GetInt32());
        Assert.Equal(Today(before).GetProperty("revenue").GetDecimal() + 12.5m, Today(after).GetProperty("revenue").GetDecimal());
        Assert.True(after.GetProperty("byStatus").GetProperty("CONFIRMED").GetInt64() >= 1);
        Assert.Contains(after.GetProperty("bestSellers").EnumerateArray(), best => best.GetProperty("productId").GetGuid() == product);
        foreach (var days in new[] { "0", "367", "x" }) Assert.Equal(400, (await shop.SendAsync(HttpMethod.Get, $"/api/orders/summary?days={days}", shop.EmployeeToken)).Status);
        Assert.Equal(403, (await shop.SendAsync(HttpMethod.Get, "/api/orders/summary", customer)).Status);

        async Task<JsonElement> SummaryAsync() => (await shop.SendAsync(HttpMethod.Get, "/api/orders/summary?days=7", shop.EmployeeToken)).Body;
    }

    [Fact]
    public async Task A_dead_letter_is_shown_and_gets_its_tries_again()
    {
        var eventId = Guid.CreateVersion7();
        await using var connection = await shop.AsOwnerAsync("notifications");
        await using (var park = new NpgsqlCommand(
            "insert into inbox (event_id, routing_key, subject, envelope, attempts, error, parked_at) values ($1, 'nobody.hears', 'x', '{}', 5, 'It broke.', now())", connection)
        { Parameters = { new() { Value = eventId } } })
            await park.ExecuteNonQueryAsync();

        var state = (await shop.SendAsync(HttpMethod.Get, "/api/operations", shop.EmployeeToken)).Body.GetProperty("services").EnumerateArray().ToDictionary(service => service.GetProperty("service").GetString()!);
        Assert.All(state.Values, service => Assert.Equal("ready", service.GetProperty("status").GetString()));
        Assert.Contains("orders", state.Keys);
        var letter = state["notifications"].GetProperty("deadLetters").EnumerateArray().Single(found => found.GetProperty("eventId").GetGuid() == eventId);
        Assert.Equal(("nobody.hears", "It broke."), (letter.GetProperty("routingKey").GetString(), letter.GetProperty("error").GetString()));

        var path = $"/api/operations/notifications/dead-letters/{eventId}/retry";
        var (_, customer) = await shop.NewCustomerAsync();
        Assert.Equal(403, (await shop.SendAsync(HttpMethod.Post, path, customer)).Status);
        Assert.Equal(202, (await shop.SendAsync(HttpMethod.Post, path, shop.EmployeeToken)).Status);
        Assert.Equal(404, (await shop.SendAsync(HttpMethod.Post, $"/api/operations/nobody/dead-letters/{eventId}/retry", shop.EmployeeToken)).Status);
        Assert.Equal(404, (await shop.SendAsync(HttpMethod.Post, $"/api/operations/notifications/dead-letters/{Guid.NewGuid()}/retry", shop.EmployeeToken)).Status);
        await using var look = new NpgsqlCommand("select attempts < 5 from inbox where event_id = $1", connection) { Parameters = { new() { Value = eventId } } };
        Assert.Equal(true, await look.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Nobody_but_employees_sees_how_the_services_are()
    {
        var (_, customer) = await shop.NewCustomerAsync();
        Assert.Equal(403, (await shop.SendAsync(HttpMethod.Get, "/api/operations", customer)).Status);
        Assert.Equal(401, (await shop.SendAsync(HttpMethod.Get, "/api/operations", token: null)).Status);
    }
}
