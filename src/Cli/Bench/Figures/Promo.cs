using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Rosa.Cli.Load;

namespace Rosa.Cli.Bench.Figures;

/// <summary>Is this promo code good for this cart?</summary>
static class Promo
{
    public static readonly Figure Figure = new(
        "promo", "Promo code validation",
        "wrk, 2 threads: `POST /api/promotions/validate` of a good code through the gateway, at 32 and at 8 connections, beside Kestrel alone answering the same bytes.",
        MeasureAsync);

    static async Task<IReadOnlyList<Result>> MeasureAsync(BenchRun run)
    {
        var rosa = (await run.ShopAsync()).Addresses;
        var code = await CreateAsync(rosa, run.Cancelled);
        var url = new Uri(rosa.Gateway, "/api/promotions/validate");
        var body = $$"""{"promoCode":"{{code}}","cartTotal":50}""";
        await CheckAsync(url, body, run.Cancelled);

        var wrk = await run.WrkAsync();
        await using var bare = await BareServer.SameBytesAsync(Request(url, body), run.Cancelled);
        var results = new List<Result>();
        foreach (var connections in (int[])[32, 8])
        {
            run.Say($"promo: {connections} connections");
            var rosas = await wrk.PostAsync(url, body, connections, run.Times.WarmUp, run.Times.Read, run.Cancelled);
            var bares = await wrk.PostAsync(new Uri(bare.Address, url.PathAndQuery), body, connections, run.Times.WarmUp, run.Times.Read, run.Cancelled);
            results.Add(new Result(connections == 32 ? "promo" : $"promo-{connections}",
                new("rps", rosas.PerSecond),
                new("p50_ms", rosas.P50Ms),
                new("p99_ms", rosas.P99Ms, Goal.Most(5)),
                new("bare_rps", bares.PerSecond),
                new("ratio", rosas.PerSecond / bares.PerSecond)));
        }
        await CheckAsync(url, body, run.Cancelled);
        return results;
    }

    static async Task<string> CreateAsync(RosaAddresses rosa, CancellationToken cancellationToken)
    {
        using var http = LoadClient.To(rosa.Gateway, connections: 1);
        var (email, password) = rosa.Login("employee");
        using var login = await http.PostAsJsonAsync("/api/users/login", new { email, password }, cancellationToken);
        await LoadClient.MustBeAsync(login, HttpStatusCode.OK, cancellationToken);
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("token").GetString();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        var code = $"BENCH{Guid.NewGuid():N}"[..16].ToUpperInvariant();
        var now = DateTimeOffset.UtcNow;
        using var created = await http.PostAsJsonAsync("/api/promotions", new { code, discountPercentage = 10, validFrom = now.AddDays(-1), validUntil = now.AddDays(1) }, cancellationToken);
        await LoadClient.MustBeAsync(created, HttpStatusCode.Created, cancellationToken);
        return code;
    }

    static async Task CheckAsync(Uri url, string body, CancellationToken cancellationToken)
    {
        using var http = LoadClient.To(url, connections: 1);
        using var answer = await http.SendAsync(Request(url, body), cancellationToken);
        await LoadClient.MustBeAsync(answer, HttpStatusCode.OK, cancellationToken);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        if (!json.GetProperty("isValid").GetBoolean() || json.GetProperty("finalTotal").GetDecimal() != 45) throw new BenchFailure($"A good code of 10 % is not taken off 50: {json}");
    }

    static HttpRequestMessage Request(Uri url, string body) => new(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
