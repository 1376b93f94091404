using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Identity;

namespace Rosa.Users.Tests;

public sealed class ServiceTokenTests(UsersShop shop) : IClassFixture<UsersShop>
{
    Task<HttpResponseMessage> AskAsync(object request) => shop.Guest.PostAsJsonAsync("/internal/service-tokens", request);

    [Fact]
    public async Task A_service_gets_its_own_token_for_its_secret()
    {
        using var response = await AskAsync(new ServiceTokenRequest("orders", "the secret of orders"));
        var answer = await response.ShouldBe<ServiceTokenResponse>(HttpStatusCode.OK);
        Assert.Equal(900, answer.ExpiresIn);

        var caller = await shop.Service.Services.GetRequiredService<TokenReader>().ReadAsync(answer.Token, TestContext.Current.CancellationToken);
        Assert.Equal(new Caller(null, Roles.Service, null, "orders"), caller);
    }

    [Theory]
    [InlineData("orders", "the secret of order")]
    [InlineData("orders", "")]
    [InlineData("orders", null)]
    [InlineData("payments", "the secret of orders")]
    [InlineData("payments", "")]
    [InlineData("Orders", "the secret of orders")]
    [InlineData("", "the secret of orders")]
    [InlineData(null, null)]
    public async Task A_wrong_secret_or_an_unknown_service_gets_none(string? service, string? secret)
    {
        using var response = await AskAsync(new { service, secret });
        await response.ShouldRefuse(HttpStatusCode.Unauthorized, "BAD_CREDENTIALS");
    }

    [Fact]
    public async Task A_services_token_opens_no_persons_route()
    {
        var session = await shop.RegisterAsync();
        var own = await shop.Service.Services.GetRequiredService<IServiceTokenSource>().GetAsync(TestContext.Current.CancellationToken);
        using var response = await shop.Service.Client(own).GetAsync($"/api/users/{session.UserId}");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task The_document_lists_what_clients_may_call_and_not_what_services_may()
    {
        var document = await shop.Guest.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.Contains("/api/users/{userId}/role", paths);
        Assert.Contains("/api/users/login", paths);
        Assert.DoesNotContain(paths, path => path.StartsWith("/internal", StringComparison.Ordinal));
        var register = document.GetProperty("paths").GetProperty("/api/users/register").GetProperty("post");
        Assert.Contains("409", register.GetProperty("responses").EnumerateObject().Select(response => response.Name));
    }
}
