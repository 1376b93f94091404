using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Rosa.Cli.Load;

namespace Rosa.Cli.Chaos.Faults;

/// <summary>What shoppers were told of an order.</summary>
sealed record ToldOrder(Guid OrderId, string Status);

/// <param name="At">Since the shoppers began.</param>
/// <param name="Text">The request and what was answered.</param>
sealed record BrokenAnswer(TimeSpan At, string Text);

/// <summary>
/// People who look at a product, put it into the cart, order it, and take a moment's rest. Who gets no answer, or one that says that something is broken,
/// asks again, and the order with the same <c>Idempotency-Key</c>, as a shop's page does.
/// </summary>
sealed class Shoppers : IDisposable
{
    static readonly TimeSpan givesUpAfter = TimeSpan.FromSeconds(30);

    readonly HttpClient http;
    readonly IReadOnlyList<(Guid Id, string Token)> people;
    readonly IReadOnlyList<Guid> products, scarce;
    readonly long begin = Stopwatch.GetTimestamp();
    readonly ConcurrentQueue<BrokenAnswer> broken = new();
    readonly ConcurrentQueue<TimeSpan> sales = new();
    long sent, repeated, failed, keys;

    Shoppers(HttpClient http, IReadOnlyList<(Guid, string)> people, IReadOnlyList<Guid> products, IReadOnlyList<Guid> scarce) =>
        (this.http, this.people, this.products, this.scarce) = (http, people, products, scarce);

    /// <summary>Requests that they meant, each counted once however often it was repeated.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Requests that got no good answer at first and were sent again.</summary>
    public long Repeated => Interlocked.Read(ref repeated);

    /// <summary>Requests that never got a good answer.</summary>
    public long Failed => Interlocked.Read(ref failed);

    /// <summary>How many orders they wanted: one a key.</summary>
    public long Keys => Interlocked.Read(ref keys);

    public ConcurrentBag<ToldOrder> Told { get; } = [];

    public IReadOnlyList<Guid> People => [.. people.Select(person => person.Id)];

    /// <summary>Since the shoppers began.</summary>
    public TimeSpan Now => Stopwatch.GetElapsedTime(begin);

    /// <summary>When an order was confirmed, in the order of time.</summary>
    public IReadOnlyList<TimeSpan> Sales => [.. sales.Order()];

    /// <summary>The answers that said that something is broken, or that never came, in the order of time.</summary>
    public IReadOnlyList<BrokenAnswer> Broken => [.. broken.OrderBy(answer => answer.At)];

    /// <param name="scarce">Products of which there are few: what is bought once there are none left is refused, and must be.</param>
    public static async Task<Shoppers> SignUpAsync(Uri gateway, int count, IReadOnlyList<Guid> products, IReadOnlyList<Guid> scarce, CancellationToken cancellationToken)
    {
        // A connection of their own, and a time limit above that of the gateway.
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = count, ConnectTimeout = TimeSpan.FromSeconds(3), ActivityHeadersPropagator = null })
        {
            BaseAddress = gateway,
            Timeout = TimeSpan.FromSeconds(20),
        };
        var run = Guid.NewGuid().ToString("N")[..12];
        var people = new (Guid, string)[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (i, token) =>
        {
            using var answer = await http.PostAsJsonAsync("/api/users/register", new { email = $"chaos-{run}-{i}@rosa.example", password = $"chaos {run} {i}", firstName = "Chaos", lastName = "Shopper" }, token);
            await LoadClient.MustBeAsync(answer, HttpStatusCode.Created, token);
            var user = await answer.Content.ReadFromJsonAsync<JsonElement>(token);
            people[i] = (user.GetProperty("userId").GetGuid(), user.GetProperty("token").GetString()!);
        });
        return new Shoppers(http, people, products, scarce);
    }

    /// <summary>Until told that it is enough; what is under way then is finished.</summary>
    public Task RunAsync(CancellationToken enough) => Task.WhenAll(Enumerable.Range(0, people.Count).Select(i => Task.Run(() => ShopAsync(people[i].Token, enough), CancellationToken.None)));

    async Task ShopAsync(string token, CancellationToken enough)
    {
        await RestAsync(enough);
        while (!enough.IsCancellationRequested)
        {
            var from = Random.Shared.Next(10) == 0 ? scarce : products;
            var product = from[Random.Shared.Next(from.Count)];
            await AskAsync(token, HttpMethod.Get, $"/api/products/{product}", null, null);
            await AskAsync(token, HttpMethod.Put, $"/api/cart/items/{product}", """{"quantity":1}""", null);
            Interlocked.Increment(ref keys);
            var answer = await AskAsync(token, HttpMethod.Post, "/api/orders",
                $$$"""{"items":[{"productId":"{{{product}}}","quantity":1}],"shippingAddress":{"name":"Chaos","line1":"1 rue des Roses","postalCode":"75001","city":"Paris","country":"FR"},"payment":{"method":"card","cardToken":"tok_visa"}}""",
                Guid.NewGuid().ToString("N"));
            if (answer is not null) Hear(answer);
            await RestAsync(enough);
        }
    }

    void Hear(string answer)
    {
        using var json = JsonDocument.Parse(answer);
        if (!json.RootElement.TryGetProperty("orderId", out var orderId)) return;   // sold out
        Told.Add(new ToldOrder(orderId.GetGuid(), json.RootElement.GetProperty("status").GetString()!));
        sales.Enqueue(Now);
    }

    static Task RestAsync(CancellationToken enough) => Task.Delay(Random.Shared.Next(500, 1500), enough).ContinueWith(_ => { }, TaskScheduler.Default);

    /// <summary>Asks until there is a good answer: what was wanted, or a refusal that says why not. Null when there is none in time.</summary>
    async Task<string?> AskAsync(string token, HttpMethod method, string path, string? json, string? key)
    {
        Interlocked.Increment(ref sent);
        var since = Stopwatch.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var (good, text) = await OnceAsync(token, method, path, json, key);
            if (good) return text;
            broken.Enqueue(new BrokenAnswer(Now, $"{method} {path}: {text}"));
            if (attempt == 1) Interlocked.Increment(ref repeated);
            if (Stopwatch.GetElapsedTime(since) > givesUpAfter)
            {
                Interlocked.Increment(ref failed);
                return null;
            }
            await Task.Delay(Math.Min(1000, 100 * attempt));
        }
    }

    async Task<(bool Good, string Text)> OnceAsync(string token, HttpMethod method, string path, string? json, string? key)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var answer = await http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            // Sold out is an answer; everything else below 500 that is no success would be a mistake of this program's or of the shop's.
            var good = answer.IsSuccessStatusCode || (answer.StatusCode == HttpStatusCode.UnprocessableEntity && text.Contains("INSUFFICIENT_STOCK", StringComparison.Ordinal));
            return (good, good ? text : $"{(int)answer.StatusCode} {text[..Math.Min(300, text.Length)]}");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or IOException)
        {
            return (false, exception.InnerException?.Message ?? exception.Message);
        }
    }

    public void Dispose() => http.Dispose();
}
