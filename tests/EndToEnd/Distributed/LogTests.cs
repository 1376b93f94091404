using System.Buffers;
using System.Net;
using System.Text.Json;

namespace Rosa.EndToEnd.Tests.Distributed;

/// <summary>What is left in the logs of all processes, each of which was told to log all that it can at the level Information.</summary>
[Collection(nameof(DistributedCollection))]
public sealed class LogTests(DistributedShop distributed, ITestOutputHelper output)
{
    /// <summary>PostgreSQL, Redis and RabbitMQ write as they do; all others a line of JSON.</summary>
    static readonly string[] notJson = ["postgres.log", "redis.log", "rabbitmq.log"];

    readonly RunningShop shop = distributed.Shop;

    [Fact]
    public async Task Nothing_that_customers_say_or_are_trusted_with_is_in_any_log()
    {
        var product = await shop.NewProductAsync(quantity: 20);
        await shop.NewPromoAsync("DISCREET");
        using var customer = new Customer(distributed);
        await customer.DoEverythingAsync(product, "DISCREET");

        var lines = await LinesAsync();
        var secrets = SearchValues.Create([.. customer.Secrets], StringComparison.OrdinalIgnoreCase);
        var told = lines.Where(line => Readings(line.Text).Any(reading => reading.AsSpan().ContainsAny(secrets))).ToList();
        Assert.True(told.Count == 0, $"{told.Count} lines tell what they should not:\n{string.Join('\n', told.Take(40).Select(line => $"{line.File}: {line.Text}"))}");

        // It was looked for in what was written, by everybody.
        foreach (var name in (string[])["users-1", "catalog-1", "orders-1", "payments-1", "promotions-1", "recommendations-1", "notifications-1", "gateway-1", "storefront-1", "backoffice-1", "access", "postgres", "host"])
            Assert.Contains(lines, line => Path.GetFileNameWithoutExtension(line.File) == name);
        output.WriteLine($"personal data: none in {lines.Count} lines of {lines.DistinctBy(line => line.File).Count()} logs");
    }

    [Fact]
    public async Task Every_line_is_JSON_and_says_which_request_it_belongs_to_through_all_services()
    {
        var product = await shop.NewProductAsync(quantity: 5);
        await shop.NewPromoAsync("FOLLOWED");
        var (_, token) = await shop.NewCustomerAsync();
        var id = $"followed-{Guid.NewGuid():N}";
        using var http = new HttpClient { BaseAddress = shop.Gateway };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/orders") { Content = System.Net.Http.Json.JsonContent.Create(RunningShop.OrderOf(product, promoCode: "FOLLOWED")) };
        request.Headers.Add("Authorization", $"Bearer {token}");
        request.Headers.Add("X-Correlation-Id", id);
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);

        string[] concerned = ["gateway", "orders", "catalog", "promotions", "payments", "notifications", "recommendations"];
        List<JsonElement> followed = [];
        for (var look = 0; look < 300; look++)
        {
            var lines = await LinesAsync();
            var json = lines.Where(line => !notJson.Contains(Path.GetFileName(line.File))).ToList();
            Assert.All(json, line => Assert.True(IsJson(line.Text), $"{line.File}: {line.Text}"));
            followed = [.. json.Where(line => line.Text.Contains(id, StringComparison.Ordinal) && Path.GetFileName(line.File) != "access.log").Select(line => JsonDocument.Parse(line.Text).RootElement)];
            if (concerned.All(service => followed.Any(line => ServiceOf(line) == service)) && lines.Any(line => Path.GetFileName(line.File) == "access.log" && line.Text.Contains(id, StringComparison.Ordinal))) break;
            await Task.Delay(100);
        }
        Assert.Empty(concerned.Except(followed.Select(ServiceOf)));
        Assert.All(followed, line => Assert.Equal(id, line.GetProperty("correlationId").GetString()));
        Assert.Single(followed.Select(line => line.GetProperty("traceId").GetString()).Distinct());
        output.WriteLine($"one order: {followed.Count} lines of {followed.Select(ServiceOf).Distinct().Count()} services under one correlation id and one trace");

        static string ServiceOf(JsonElement line) => line.GetProperty("service").GetString()!;
    }

    sealed record Line(string File, string Text);

    /// <summary>Every line that any process has written, the supervisor's included.</summary>
    async Task<IReadOnlyList<Line>> LinesAsync()
    {
        await Task.Delay(200);   // a line is in its file within 20 ms
        var lines = shop.Said.Select(said => new Line("host", said)).ToList();
        foreach (var file in Directory.EnumerateFiles(shop.Data, "*", SearchOption.AllDirectories).Where(IsLog))
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            var text = await reader.ReadToEndAsync();
            var whole = text[..(text.LastIndexOf('\n') + 1)];   // the last one may be under way
            lines.AddRange(whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => new Line(file, line)));
        }
        return lines;
    }

    static bool IsLog(string file) => Path.GetExtension(file) is ".log" or ".out" && !file.Contains("/mnesia/", StringComparison.Ordinal);

    /// <summary>A line as it is, as a browser would read its addresses, and as a reader of JSON would read it.</summary>
    static IEnumerable<string> Readings(string line) => [line, WebUtility.UrlDecode(line), JsonDecoded(line)];

    static string JsonDecoded(string line) => line.Contains("\\u", StringComparison.Ordinal) && IsJson(line) ? string.Join(' ', Texts(JsonDocument.Parse(line).RootElement)) : line;

    static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Texts(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };

    static bool IsJson(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
