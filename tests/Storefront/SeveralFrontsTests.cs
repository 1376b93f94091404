using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rosa.Platform.Hosting;
using Rosa.Testing;
using Rosa.Web;

namespace Rosa.Storefront.Tests;

/// <summary>Two instances of the storefront that share a Redis, before a gateway that takes a refresh token once, or again with the same key.</summary>
public sealed class SeveralFrontsTests : IAsyncLifetime
{
    readonly List<TestService> fronts = [];
    readonly Dictionary<string, (string Key, int Exchange)> used = [];
    TestRedis redis = null!;
    WebApplication gateway = null!;
    volatile int status = 200;
    volatile bool answersAreLost;
    int asked, exchanges;

    public async ValueTask InitializeAsync()
    {
        redis = await TestRedis.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        gateway = builder.Build();
        gateway.Urls.Add("http://127.0.0.1:0");
        gateway.MapPost("/api/users/refresh", async (HttpContext context) =>
        {
            var wish = await context.Request.ReadFromJsonAsync<Dictionary<string, string>>();
            await Task.Delay(30);
            Interlocked.Increment(ref asked);
            if (status != 200) return Results.StatusCode(status);
            var key = context.Request.Headers["Idempotency-Key"].ToString();
            lock (used)
            {
                if (!used.TryGetValue(wish!["refreshToken"], out var exchange)) used[wish["refreshToken"]] = exchange = (key, ++exchanges);
                if (exchange.Key != key || key.Length < 32) return Results.StatusCode(401);   // a reuse: the session would end
                if (answersAreLost) return Results.StatusCode(503);
                return Results.Json(new { userId = Guid.Empty, token = $"fresh {exchange.Exchange}", refreshToken = $"next {exchange.Exchange}", expiresIn = 900 });
            }
        });
        await gateway.StartAsync();
        var address = gateway.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        for (var i = 0; i < 2; i++)
        {
            fronts.Add(await TestService.StartAsync(
                new Service("storefront", Port: 0, StorefrontService.AddStorefront, StorefrontService.MapStorefront, Calls: []),
                new Dictionary<string, string?> { ["Redis:Address"] = redis.Address, ["Redis:AnswerWithin"] = "00:00:05", ["Services:gateway:Http"] = address, ["Web:SessionKey"] = "a key of at least thirty-two characters" }, connectionString: ""));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var front in fronts) await front.DisposeAsync();
        await gateway.StopAsync();
        await redis.DisposeAsync();
    }

    static Login Ending(string refreshToken) => new(Guid.CreateVersion7(), "old", refreshToken, EndsAt: 1, "Zoé");

    Task<Login?> RenewAsync(int front, Login login) => fronts[front].Services.GetRequiredService<SessionRenewal>().RenewAsync(login, CancellationToken.None);

    [Fact]
    public async Task Two_instances_that_renew_the_same_session_at_once_exchange_its_token_once()
    {
        for (var round = 0; round < 10; round++)
        {
            var login = Ending($"token {round}");
            var renewed = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => RenewAsync(i % 2, login)));
            Assert.All(renewed, one => Assert.Equal(renewed[0], one));
            Assert.StartsWith("fresh", renewed[0]!.Token, StringComparison.Ordinal);
            Assert.Equal(login.UserId, renewed[0]!.UserId);
        }
        Assert.Equal((10, 10), (exchanges, asked));

        // Nobody who reads Redis reads a token.
        var kept = await redis.AskAsync("KEYS rosa:renewal:*");
        var first = kept.Split("\r\n").First(line => line.StartsWith("rosa:", StringComparison.Ordinal));
        Assert.DoesNotContain("fresh", await redis.AskAsync($"GET {first}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_is_over_is_over_for_both()
    {
        status = 401;
        var renewed = await Task.WhenAll(RenewAsync(0, Ending("over")), RenewAsync(1, Ending("over")));
        Assert.All(renewed, Assert.Null);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task An_exchange_that_failed_leaves_the_login_and_is_tried_again()
    {
        status = 503;
        var login = Ending("later");
        Assert.Equal(login, await RenewAsync(0, login));
        status = 200;
        Assert.StartsWith("fresh", (await RenewAsync(1, login))!.Token, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exchange_whose_answer_is_lost_is_not_taken_for_a_reuse()
    {
        answersAreLost = true;
        var login = Ending("lost");
        Assert.Equal(login, await RenewAsync(0, login));
        answersAreLost = false;
        Assert.StartsWith("fresh", (await RenewAsync(1, login))!.Token, StringComparison.Ordinal);
        Assert.Equal((1, 2), (exchanges, asked));
    }

    [Fact]
    public async Task With_Redis_gone_both_renew_by_themselves_and_get_the_same()
    {
        redis.Kill();
        var login = Ending("alone");
        var renewed = await Task.WhenAll(RenewAsync(0, login), RenewAsync(1, login));
        Assert.StartsWith("fresh", renewed[0]!.Token, StringComparison.Ordinal);
        Assert.Equal(renewed[0], renewed[1]);
        Assert.Equal((1, 2), (exchanges, asked));
    }
}
