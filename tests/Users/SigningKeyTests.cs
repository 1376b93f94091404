using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Identity;
using Rosa.Testing;

namespace Rosa.Users.Tests;

public sealed class SigningKeyTests(UsersShop shop) : IClassFixture<UsersShop>
{
    SigningKeys Keys => KeysOf(shop.Service);

    static SigningKeys KeysOf(TestService service) => service.Services.GetRequiredService<SigningKeys>();

    static string KeyIdOf(string token) => JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[0])).RootElement.GetProperty("kid").GetString()!;

    static async Task<string[]> PublishedAsync(TestService service) =>
        [.. (await service.Client().GetFromJsonAsync<JsonWebKeySet>("/.well-known/jwks.json"))!.Keys.Select(key => key.Kid)];

    Task<SessionAnswer> NewSessionAsync() => shop.RegisterAsync();

    async Task<HttpStatusCode> OwnProfileAsync(SessionAnswer session, TestService? service = null)
    {
        using var client = (service ?? shop.Service).Client(session.Token);
        using var response = await client.GetAsync($"/api/users/{session.UserId}");
        return response.StatusCode;
    }

    [Fact]
    public async Task A_rotation_logs_nobody_out()
    {
        var token = TestContext.Current.CancellationToken;
        var before = await NewSessionAsync();
        await Keys.RotateAsync(token);

        // The next key is published, and does not sign yet.
        var published = await PublishedAsync(shop.Service);
        var meanwhile = await NewSessionAsync();
        Assert.Contains(KeyIdOf(before.Token), published);
        Assert.Equal(KeyIdOf(before.Token), KeyIdOf(meanwhile.Token));

        shop.Clock.PutForward(TimeSpan.FromMinutes(10));
        var after = await NewSessionAsync();
        Assert.NotEqual(KeyIdOf(before.Token), KeyIdOf(after.Token));
        Assert.Contains(KeyIdOf(after.Token), published);
        Assert.Equal(HttpStatusCode.OK, await OwnProfileAsync(before));
        Assert.Equal(HttpStatusCode.OK, await OwnProfileAsync(after));

        // The last token of the old key has expired, and the session lives on.
        shop.Clock.PutForward(TimeSpan.FromMinutes(21));
        await Keys.RunOnceAsync(token);
        Assert.DoesNotContain(KeyIdOf(before.Token), await PublishedAsync(shop.Service));
        var refreshed = await shop.RefreshAsync(before.RefreshToken);
        Assert.Equal(HttpStatusCode.OK, await OwnProfileAsync(refreshed));
    }

    [Fact]
    public async Task A_month_later_there_is_a_new_key()
    {
        var token = TestContext.Current.CancellationToken;
        await Keys.RunOnceAsync(token);
        var before = await PublishedAsync(shop.Service);
        await Keys.RunOnceAsync(token);
        Assert.Equal(before, await PublishedAsync(shop.Service));

        shop.Clock.PutForward(TimeSpan.FromDays(30));
        await Keys.RunOnceAsync(token);
        await Keys.RunOnceAsync(token);
        var added = Assert.Single((await PublishedAsync(shop.Service)).Except(before));
        shop.Clock.PutForward(TimeSpan.FromMinutes(11));
        Assert.Equal(added, KeyIdOf((await NewSessionAsync()).Token));
    }

    [Fact]
    public async Task Instances_share_their_keys()
    {
        await using var second = await shop.StartAnotherAsync();
        await Keys.RotateAsync(TestContext.Current.CancellationToken);
        shop.Clock.PutForward(TimeSpan.FromMinutes(10));

        var session = await NewSessionAsync();
        Assert.Equal(HttpStatusCode.OK, await OwnProfileAsync(session, second));

        // The second has looked just now, and may have dropped an older key whose time was over.
        await Keys.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(await PublishedAsync(shop.Service), await PublishedAsync(second));
    }

    [Fact]
    public async Task Instances_that_start_at_once_on_an_empty_database_make_one_key_and_one_admin()
    {
        var connectionString = await TestPostgres.CreateDatabaseAsync("users");
        var instances = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            TestService.StartAsync(UsersShop.Users, UsersShop.Settings, connectionString, ownTokens: true)));
        try
        {
            foreach (var instance in instances) Assert.Single(await PublishedAsync(instance));
            Assert.Single((await Task.WhenAll(instances.Select(PublishedAsync))).Select(kids => kids.Single()).Distinct());

            await using var database = Npgsql.NpgsqlDataSource.Create(connectionString);
            await using var command = database.CreateCommand("select count(*) from users where role = 'admin'");
            Assert.Equal(1L, await command.ExecuteScalarAsync());
        }
        finally
        {
            foreach (var instance in instances) await instance.DisposeAsync();
        }
    }

    [Fact]
    public async Task With_a_key_secret_private_keys_are_stored_encrypted_and_earlier_tokens_stay_good()
    {
        var before = await NewSessionAsync();
        await using var secretive = await shop.StartAnotherAsync(new(UsersShop.Settings) { ["Users:KeySecret"] = "a secret of the operator's" });
        Assert.Equal(HttpStatusCode.OK, await OwnProfileAsync(before, secretive));

        var token = await secretive.Services.GetRequiredService<TokenIssuer>().ForServiceAsync("orders", TestContext.Current.CancellationToken);
        Assert.NotEqual(KeyIdOf(before.Token), KeyIdOf(token));
        var stored = await shop.QueryAsync<byte[]>("select private_key from signing_keys where key_id = @kid", new { kid = KeyIdOf(token) });
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() =>
        {
            using var key = System.Security.Cryptography.ECDsa.Create();
            key.ImportPkcs8PrivateKey(stored, out _);
        });
    }

    [Fact]
    public async Task Published_keys_have_no_private_part()
    {
        var published = await shop.Guest.GetFromJsonAsync<JsonElement>("/.well-known/jwks.json");
        foreach (var key in published.GetProperty("keys").EnumerateArray())
            Assert.Equal(["kty", "crv", "x", "y", "kid", "use", "alg"], key.EnumerateObject().Select(member => member.Name));
    }
}
