using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rosa.Testing;

namespace Rosa.Gateway.Tests;

/// <summary>Answers of several services in one, with parts that may be missing.</summary>
public sealed class CompositionTests
{
    static readonly Guid orderId = Guid.CreateVersion7();
    static readonly Uri nobody = new("http://127.0.0.1:1");

    static (string, string?)[] Down(params string[] services) => [.. services.SelectMany(service => new[] { ($"Services:{service}:Http", (string?)nobody.ToString()), ($"Services:{service}:Grpc", nobody.ToString()) })];

    static Task AnswerAsync(HttpContext context, string json, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    [Fact]
    public async Task An_order_comes_without_the_parts_that_are_down_and_names_them()
    {
        await using var orders = await TestUpstream.StartAsync(context => AnswerAsync(context, $$"""{"orderId":"{{orderId}}","items":[{"productId":"{{Guid.CreateVersion7()}}"}]}"""));
        await using var gateway = await TestGateway.StartAsync("orders", orders, null, Down("catalog", "payments"));
        using var client = gateway.Client();
        var details = await client.GetFromJsonAsync<JsonElement>($"/api/orders/{orderId}/details");
        Assert.Equal(orderId, details.GetProperty("orderId").GetGuid());
        Assert.Equal(JsonValueKind.Null, details.GetProperty("products").ValueKind);
        Assert.Equal(JsonValueKind.Null, details.GetProperty("payment").ValueKind);
        Assert.Equal(["catalog", "payments"], details.GetProperty("unavailable").EnumerateArray().Select(service => service.GetString()));
    }

    [Fact]
    public async Task Who_may_see_an_order_is_decided_by_orders()
    {
        await using var orders = await TestUpstream.StartAsync(context => AnswerAsync(context, """{"status":404,"code":"NOT_FOUND"}""", status: 404));
        await using var payments = await TestUpstream.StartAsync(context => AnswerAsync(context, """{"payments":[]}"""));
        await using var gateway = await TestGateway.StartAsync(new Dictionary<string, TestUpstream> { ["orders"] = orders, ["payments"] = payments }, null, Down("catalog"));
        using var client = gateway.Client();
        using var response = await client.GetAsync($"/api/orders/{orderId}/details");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(0, payments.Requests);
    }

    [Fact]
    public async Task Without_orders_there_is_nothing_to_tell()
    {
        await using var orders = await TestUpstream.StartAsync(context => AnswerAsync(context, "{}"));
        await using var gateway = await TestGateway.StartAsync("orders", orders, null, Down("orders", "catalog", "payments"));
        using var client = gateway.Client();
        using var response = await client.GetAsync($"/api/orders/{orderId}/details");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task The_front_page_asks_the_catalog_once_however_many_come()
    {
        await using var catalog = await TestUpstream.StartAsync(context => AnswerAsync(context,
            context.Request.Path == "/api/categories" ? """{"categories":[{"slug":"cat"}]}""" : """{"products":[{"title":"Balle"}],"total":1}"""));
        await using var gateway = await TestGateway.StartAsync("catalog", catalog, new TestClock());
        using var client = gateway.Client();
        var pages = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.GetFromJsonAsync<JsonElement>("/api/home")));
        Assert.Equal(3, catalog.Requests);
        Assert.All(pages, page =>
        {
            Assert.Equal("cat", page.GetProperty("categories")[0].GetProperty("slug").GetString());
            Assert.Equal("Balle", page.GetProperty("newest")[0].GetProperty("title").GetString());
            Assert.Equal(0, page.GetProperty("unavailable").GetArrayLength());
            Assert.False(page.TryGetProperty("cart", out _));
        });
    }

    [Fact]
    public async Task The_front_page_of_somebody_signed_in_has_their_cart_and_stands_without_recommendations()
    {
        await using var catalog = await TestUpstream.StartAsync(context => AnswerAsync(context, """{"products":[],"categories":[]}"""));
        await using var orders = await TestUpstream.StartAsync(context => AnswerAsync(context, $$"""{"items":[],"totalAmount":{{(context.Request.Headers.Authorization.Count > 0 ? 3 : 0)}}}"""));
        await using var gateway = await TestGateway.StartAsync(new Dictionary<string, TestUpstream> { ["catalog"] = catalog, ["orders"] = orders }, null, Down("recommendations"));
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Shared.Customer(Guid.CreateVersion7()));
        var page = await client.GetFromJsonAsync<JsonElement>("/api/home");
        Assert.Equal(3, page.GetProperty("cart").GetProperty("totalAmount").GetInt32());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("recommendations").ValueKind);
        Assert.Equal(["recommendations"], page.GetProperty("unavailable").EnumerateArray().Select(part => part.GetString()));
    }

    [Fact]
    public async Task What_the_gateway_composes_is_in_the_document()
    {
        await using var orders = await TestUpstream.StartAsync(context => AnswerAsync(context, "{}"));
        await using var gateway = await TestGateway.StartAsync("orders", orders);
        using var client = gateway.Client();
        var document = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        Assert.True(document.GetProperty("paths").TryGetProperty("/api/home", out _));
        Assert.True(document.GetProperty("paths").TryGetProperty("/api/orders/{orderId}/details", out _));
    }
}
