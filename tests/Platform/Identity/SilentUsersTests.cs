using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Discovery;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;
using Rosa.Testing;

namespace Rosa.Platform.Tests.Identity;

/// <summary>Users, where keys and tokens come from, takes connections and says nothing.</summary>
public sealed class SilentUsersTests : IAsyncLifetime
{
    static readonly JsonWebKeySet published = new([JsonWebKey.From(ECDsa.Create(ECCurve.NamedCurves.nistP256), "known")]);

    readonly TaskCompletionSource ends = new();
    readonly LaterClock clock = new();
    TestService users = null!, caller = null!;
    volatile bool isSilent;
    int asked;

    public async ValueTask InitializeAsync()
    {
        users = await TestService.StartAsync(
            new Service("users", Port: 0, _ => { }, app =>
            {
                app.MapGet("/.well-known/jwks.json", (RequestDelegate)PublishAsync).For(Access.Anyone);
                app.MapPost("/internal/service-tokens", (RequestDelegate)PublishAsync).For(Access.Anyone);
            }, Calls: []), connectionString: "");
        caller = await TestService.StartAsync(
            new Service("parrot", Port: 0, _ => { }, _ => { }, Calls: []), [new("Services:users:Http", users.HttpAddress.ToString())], connectionString: "");
    }

    async Task PublishAsync(HttpContext context)
    {
        Interlocked.Increment(ref asked);
        if (isSilent) await ends.Task;
        await context.Response.WriteAsJsonAsync(published);
    }

    public async ValueTask DisposeAsync()
    {
        ends.TrySetResult();
        await caller.DisposeAsync();
        await users.DisposeAsync();
    }

    ServiceDirectory Directory => caller.Services.GetRequiredService<ServiceDirectory>();

    [Fact]
    public async Task A_key_that_is_known_stays_good_and_only_one_request_waits()
    {
        using var keys = new PublishedTokenKeys(Directory, clock);
        Assert.NotNull(await keys.FindAsync("known", default));

        isSilent = true;
        clock.Added = TimeSpan.FromMinutes(11);
        var waits = keys.FindAsync("known", default).AsTask();
        for (var i = 0; i < 50; i++) Assert.True(keys.FindAsync("known", default) is { IsCompletedSuccessfully: true, Result: not null });
        Assert.NotNull(await waits);
        Assert.NotNull(await keys.FindAsync("known", default));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task Without_a_key_and_without_a_token_it_is_an_outage()
    {
        isSilent = true;
        using var keys = new PublishedTokenKeys(Directory, clock);
        await Assert.ThrowsAsync<HttpRequestException>(() => keys.FindAsync("unknown", default).AsTask());

        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Identity:ServiceSecret", "secret")]).Build();
        using var tokens = new ServiceTokens(new Service("parrot", Port: 0, _ => { }, _ => { }, Calls: []), configuration, Directory, clock);
        await Assert.ThrowsAsync<HttpRequestException>(() => tokens.GetAsync(default).AsTask());
    }

    sealed class LaterClock : TimeProvider
    {
        public TimeSpan Added { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Added;
    }
}
