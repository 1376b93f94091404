using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Rosa.Cli.Load;

/// <summary>An order as its customer was told of it.</summary>
sealed record BoughtOrder(Guid OrderId, decimal FinalAmount, TimeSpan Time);

/// <summary>
/// Virtual customers, each signed in and with a connection of its own: one puts a product into the cart, orders it with an
/// <c>Idempotency-Key</c>, and begins anew. What they buy is added up, to be compared with the books.
/// </summary>
sealed class Customers : IDisposable
{
    readonly HttpClient http;
    readonly string[] tokens;
    long orders, cents;

    Customers(HttpClient http, string[] tokens) => (this.http, this.tokens) = (http, tokens);

    public int Count => tokens.Length;

    /// <summary>Orders confirmed so far, and what they cost.</summary>
    public (long Orders, decimal Amount) Bought => (Interlocked.Read(ref orders), Interlocked.Read(ref cents) / 100m);

    public static async Task<Customers> SignUpAsync(Uri gateway, int count, CancellationToken cancellationToken)
    {
        var http = LoadClient.To(gateway, connections: count);
        var run = Guid.NewGuid().ToString("N")[..12];
        var tokens = new string[count];
        for (var i = 0; i < count; i++)
        {
            var answer = await http.PostAsJsonAsync("/api/users/register", new
            {
                email = $"bench-{run}-{i}@rosa.example",
                password = $"bench {run} {i}",
                firstName = "Bench",
                lastName = "Customer",
            }, cancellationToken);
            await LoadClient.MustBeAsync(answer, HttpStatusCode.Created, cancellationToken);
            tokens[i] = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("token").GetString()!;
        }
        return new Customers(http, tokens);
    }

    /// <summary>The whole journey of one customer. The time is that of the order alone.</summary>
    public async Task<BoughtOrder> BuyAsync(int customer, Guid productId, CancellationToken cancellationToken)
    {
        using (var put = Request(customer, HttpMethod.Put, $"/api/cart/items/{productId}", """{"quantity":1}"""))
        using (var cart = await http.SendAsync(put, cancellationToken))
        {
            await LoadClient.MustBeAsync(cart, HttpStatusCode.OK, cancellationToken);
        }

        using var post = Request(customer, HttpMethod.Post, "/api/orders",
            $$$"""{"items":[{"productId":"{{{productId}}}","quantity":1}],"shippingAddress":{"name":"Bench","line1":"1 rue des Roses","postalCode":"75001","city":"Paris","country":"FR"},"payment":{"method":"card","cardToken":"tok_visa"}}""");
        post.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        var start = Stopwatch.GetTimestamp();
        using var answer = await http.SendAsync(post, cancellationToken);
        var time = Stopwatch.GetElapsedTime(start);
        await LoadClient.MustBeAsync(answer, HttpStatusCode.Created, cancellationToken);
        return Take(await answer.Content.ReadAsByteArrayAsync(cancellationToken), time);
    }

    BoughtOrder Take(byte[] body, TimeSpan time)
    {
        using var json = JsonDocument.Parse(body);
        var order = json.RootElement;
        if (order.GetProperty("status").GetString() is not "CONFIRMED" and var status) throw new BenchFailure($"An order is {status} and not CONFIRMED.");
        var bought = new BoughtOrder(order.GetProperty("orderId").GetGuid(), order.GetProperty("finalAmount").GetDecimal(), time);
        Interlocked.Increment(ref orders);
        Interlocked.Add(ref cents, (long)(bought.FinalAmount * 100));
        return bought;
    }

    HttpRequestMessage Request(int customer, HttpMethod method, string path, string json) => new(method, path)
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", tokens[customer]) },
        Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
    };

    public void Dispose() => http.Dispose();
}

/// <summary>An HTTP client that does as little as it can besides.</summary>
static class LoadClient
{
    public static HttpClient To(Uri server, int connections) =>
        new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, MaxConnectionsPerServer = connections, ActivityHeadersPropagator = null })
        {
            BaseAddress = server,
            Timeout = TimeSpan.FromSeconds(60),
        };

    /// <summary>Errors are not measured: any other status ends the bench, with what the answer said.</summary>
    public static async Task MustBeAsync(HttpResponseMessage answer, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        if (answer.StatusCode == expected) return;
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        throw new BenchFailure($"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri?.PathAndQuery} answered {(int)answer.StatusCode} and not {(int)expected}: {body[..Math.Min(500, body.Length)]}");
    }
}
