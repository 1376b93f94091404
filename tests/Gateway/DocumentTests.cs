using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rosa.Gateway.Tests;

public sealed class DocumentTests
{
    const string Users = """
        {"openapi":"3.1.1","paths":{
          "/api/users/login":{"post":{"summary":"Log in","requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/LoginRequest"}}}}}},
          "/internal/service-tokens":{"post":{}}},
         "components":{"schemas":{"LoginRequest":{"type":"object"},"Item":{"type":"string"},"Same":{"type":"integer"}}}}
        """;

    const string Payments = """
        {"openapi":"3.1.1","paths":{"/api/payments":{"get":{"responses":{"200":{"content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Item"}}}}}}},"post":{}}},
         "components":{"schemas":{"Item":{"type":"object"},"Same":{"type":"integer"}}}}
        """;

    [Fact]
    public void Documents_become_one_with_what_the_gateway_routes_and_no_mixed_up_schemas()
    {
        var merged = MergedDocument.Of([("users", Parse(Users)), ("catalog", null), ("payments", Parse(Payments))]);
        Assert.Equal(["/api/users/login", "/api/payments"], merged["paths"]!.AsObject().Select(path => path.Key));
        Assert.Equal(["get"], merged["paths"]!["/api/payments"]!.AsObject().Select(method => method.Key));
        Assert.Equal(["LoginRequest", "PaymentsItem"], merged["components"]!["schemas"]!.AsObject().Select(schema => schema.Key));
        Assert.Contains("\"#/components/schemas/PaymentsItem\"", merged["paths"]!["/api/payments"]!.ToJsonString());
        Assert.Equal("[\"catalog\"]", merged["x-unavailable"]!.ToJsonString());
        Assert.Equal("bearer", merged["components"]!["securitySchemes"]!["bearer"]!["scheme"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_document_is_served_and_names_what_is_down()
    {
        await using var users = await TestUpstream.StartAsync(context => context.Response.WriteAsync(Users));
        await using var gateway = await TestGateway.StartAsync("users", users);
        using var client = gateway.Client();
        var document = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        Assert.True(document.GetProperty("paths").TryGetProperty("/api/users/login", out _));
        Assert.Equal(["catalog", "orders", "payments", "promotions", "notifications", "recommendations"], document.GetProperty("x-unavailable").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task The_page_to_try_it_comes_from_the_gateway_alone()
    {
        await using var users = await TestUpstream.StartAsync(_ => Task.CompletedTask);
        await using var gateway = await TestGateway.StartAsync("users", users);
        using var client = gateway.Client();
        using var page = await client.GetAsync("/docs/index.html");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("script-src 'self';", page.Headers.GetValues("Content-Security-Policy").Single());
        Assert.DoesNotContain("unsafe", page.Headers.GetValues("Content-Security-Policy").Single());
        var html = await page.Content.ReadAsStringAsync();
        Assert.DoesNotContain("https://", html);
        Assert.DoesNotMatch("<script[^>]*>[^<\\s]", html);
        Assert.Contains("/openapi/v1.json", await client.GetStringAsync("/docs/index.js"));
    }

    static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
