using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Rosa.Host.Distributed;
using Rosa.Testing;

namespace Rosa.Host.Tests;

/// <summary>One shop of as few processes as there can be, through its life: each start takes half a minute.</summary>
public sealed class DistributedTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly int offset = FreePorts.Offset();
    readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(60) };

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task It_sells_through_Caddy_brings_back_what_dies_is_rolled_while_it_sells_and_leaves_no_process()
    {
        using var host = await Start().IsReadyAsync();
        var token = await SignInAsync(host);
        await BuyAsync(token);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(host.RosaJson.GetProperty("storefront").GetString()!))).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(At("/metrics"))).StatusCode);

        foreach (var victim in (string[])["catalog-1", "redis", "caddy"])
        {
            var killed = host.Pid(victim);
            SystemProcess.Signal(killed, SystemProcess.KillNow);
            await Eventually.IsTrueAsync(() => host.Pid(victim) != killed, $"{victim} is back");
        }
        await BuyAsync(token);

        // Somebody reads all the while: nobody may notice.
        var before = host.Pid("catalog-1");
        using var reading = new CancellationTokenSource();
        var reader = ReadAsync(reading.Token);
        using var progress = new StringWriter();
        Assert.Equal(0, await Roll.RunAsync(host.Data, "catalog", progress));
        await reading.CancelAsync();
        Assert.Equal([], await reader);
        Assert.Contains("catalog-2", progress.ToString(), StringComparison.Ordinal);
        Assert.False(SystemProcess.IsAlive(before));
        Assert.Equal("catalog-2", host.RosaJson.GetProperty("instances").GetProperty("catalog")[0].GetProperty("name").GetString());
        await BuyAsync(token);

        var all = Processes(host);
        host.Terminate();
        Assert.Equal(0, (await host.EndAsync()).ExitCode);
        Assert.All(all, pid => Assert.False(SystemProcess.IsAlive(pid)));
        Assert.Empty(Directory.GetFiles(host.Data.Run));
    }

    [Fact]
    public async Task A_supervisor_that_is_killed_leaves_a_shop_that_sells_and_that_the_next_one_takes_the_place_of()
    {
        using var killed = await Start().IsReadyAsync();
        var token = await SignInAsync(killed);
        var left = Processes(killed);
        killed.Kill();
        await killed.EndAsync();
        await BuyAsync(token);

        using var next = await Start().IsReadyAsync();
        await BuyAsync(token);
        Assert.All(left.Where(pid => pid != next.Pid("postgres")), pid => Assert.False(SystemProcess.IsAlive(pid)));

        left = Processes(next);
        next.Kill();
        await next.EndAsync();
        Assert.NotEmpty(await Records.EndLeftoversAsync(next.Data, _ => { }));
        Assert.All(left.Where(pid => pid != PostmasterFile.Read(next.Data)?.ProcessId), pid => Assert.False(SystemProcess.IsAlive(pid)));
    }

    HostProcess Start() => new(folder.Data, offset, "users,catalog,promotions,payments,orders,gateway,storefront", "--distributed", "--scale", "users=1,catalog=1,promotions=1,payments=1,orders=1,gateway=1,storefront=1");

    static List<int> Processes(HostProcess host) => [.. host.RosaJson.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("pid").GetInt32())];

    Uri At(string path) => new($"http://127.0.0.1:{8000 + offset}{path}");

    /// <summary>As the admin, whose shop has one shelf then.</summary>
    async Task<string> SignInAsync(HostProcess host)
    {
        var admin = host.RosaJson.GetProperty("logins").GetProperty("admin");
        var answer = await SendAsync(HttpMethod.Post, "/api/users/login", null, new { email = admin.GetProperty("email").GetString(), password = admin.GetProperty("password").GetString() });
        var token = answer.GetProperty("token").GetString()!;
        await SendAsync(HttpMethod.Post, "/api/categories", token, new { slug = "toys", title = "Toys" });
        return token;
    }

    /// <summary>A product is made and sold.</summary>
    async Task BuyAsync(string token)
    {
        var product = (await SendAsync(HttpMethod.Post, "/api/products", token, new { title = "A ball", description = "It rolls.", price = 10m, category = "toys", quantity = 3 })).GetProperty("productId").GetString();
        var order = await SendAsync(HttpMethod.Post, "/api/orders", token, new
        {
            items = new[] { new { productId = product, quantity = 2 } },
            payment = new { method = "card", cardToken = "tok_visa" },
            shippingAddress = new { name = "Rosa Exemple", line1 = "1 rue de l'Exemple", postalCode = "75000", city = "Paris", country = "FR" },
        });
        Assert.Equal("CONFIRMED", order.GetProperty("status").GetString());
    }

    /// <summary>What did not succeed.</summary>
    async Task<IReadOnlyList<HttpStatusCode>> ReadAsync(CancellationToken cancellationToken)
    {
        var failed = new List<HttpStatusCode>();
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            using var answer = await http.GetAsync(At(string.Create(CultureInfo.InvariantCulture, $"/api/products?minPrice=0&maxPrice={1000 + i}")), CancellationToken.None);   // another each time: not from the cache
            if (!answer.IsSuccessStatusCode) failed.Add(answer.StatusCode);
        }
        return failed;
    }

    async Task<JsonElement> SendAsync(HttpMethod method, string path, string? token, object body)
    {
        using var request = new HttpRequestMessage(method, At(path)) { Content = JsonContent.Create(body) };
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path} {answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
