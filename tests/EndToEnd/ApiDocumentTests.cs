using System.Text.Json.Nodes;
using Rosa.EndToEnd.Tests.BadInput;
using Rosa.Testing;

namespace Rosa.EndToEnd.Tests;

/// <summary>The API's description as those see it who write a client against it: a linter, a generator, a program.</summary>
public sealed class ApiDocumentTests(ShopFixture fixture, ITestOutputHelper output) : IClassFixture<ShopFixture>, IDisposable
{
    static readonly string[] services = ["users", "catalog", "orders", "payments", "promotions", "notifications", "recommendations"];

    /// <summary>Lists that are not paged, and why.</summary>
    static readonly Dictionary<string, string> unpaged = new()
    {
        ["ListCategories"] = "the whole tree, which is small: a shop has some hundred categories",
        ["GetProduct"] = "the ten latest ratings, and as many pictures as MostPerProduct allows",
        ["GetCart"] = "a hundred lines at most",
        ["GetOrder"] = "a hundred lines at most",
        ["GetOrderDetails"] = "as the order",
        ["GetOrderTimeline"] = "what happened to one order",
        ["GetOrderEvents"] = "the events of one order, complete by contract",
        ["GetInvoice"] = "the lines of one order",
        ["GetCreditNote"] = "the lines of one order",
        ["GetTemplate"] = "the placeholders of one template",
        ["PublishedKeys"] = "the two or three keys that are in use",
        ["GetHome"] = "eight of each",
        ["GetProductSheet"] = "as many pictures as MostPerProduct allows",
        ["SummariseOrders"] = "a row a day of a year at most, and the five that sell best",
        ["GetOperations"] = "a row a service, each with the latest hundred dead letters",
    };

    readonly RunningShop shop = fixture.Shop;
    readonly string folder = Directory.CreateTempSubdirectory("rosa-api-").FullName;

    [Fact]
    public async Task The_linter_finds_no_error_in_any_description()
    {
        var redocly = await NodeProgram.InstalledAsync("node-openapi");
        redocly.CopyTo(folder, "redocly.yaml");
        await SaveAsync("gateway", shop.Gateway);
        foreach (var service in services) await SaveAsync(service, shop.ServiceAddress(service));
        var (code, report) = await redocly.NodeAsync(folder, ["node_modules/@redocly/cli/bin/cli.js", "lint", "--config", "redocly.yaml", "gateway.json", .. services.Select(service => service + ".json")]);
        output.WriteLine(report);
        Assert.True(code == 0, report);
    }

    [Fact]
    public async Task A_program_buys_through_a_client_generated_from_the_description()
    {
        var tools = await NodeProgram.InstalledAsync("node-openapi");
        tools.CopyTo(folder, "package.json", "tsconfig.json", "buy.ts");
        await SaveAsync("gateway", shop.Gateway);
        await shop.NewProductAsync(quantity: 10, price: 12.5m);
        await shop.NewPromoAsync("GENERATED");

        await DoneAsync("node_modules/openapi-typescript/bin/cli.js", "gateway.json", "--output", "api.d.ts");
        await DoneAsync("node_modules/typescript/bin/tsc");
        var bought = await DoneAsync(Path.Combine(folder, "out", "buy.js"), shop.Gateway.AbsoluteUri.TrimEnd('/'), $"{Guid.NewGuid():N}@customer.example", "GENERATED");
        var order = JsonNode.Parse(bought)!;
        Assert.Equal(("CONFIRMED", 2, 22.5m, 2.5m), (order["status"]!.GetValue<string>(), order["bought"]!.GetValue<int>(), order["paid"]!.GetValue<decimal>(), order["discount"]!.GetValue<decimal>()));

        async Task<string> DoneAsync(params string[] arguments)
        {
            var (code, text) = await tools.NodeAsync(folder, arguments);
            Assert.True(code == 0, text);
            return text;
        }
    }

    [Fact]
    public async Task Every_list_is_paged_within_bounds()
    {
        var document = JsonNode.Parse(await SaveAsync("gateway", shop.Gateway))!.AsObject();
        var unbounded = new List<string>();
        foreach (var operation in ApiOperation.AllOf(document).Where(operation => operation.Method == HttpMethod.Get && !unpaged.ContainsKey(operation.Id)))
        {
            var described = document["paths"]![operation.Path]!["get"]!;
            if (!GivesList(operation, described) && operation.InQuery.All(parameter => parameter.Name != "page")) continue;
            var limit = described["parameters"]?.AsArray().FirstOrDefault(parameter => parameter!["name"]!.GetValue<string>() == "limit")?["schema"];
            if (limit?["minimum"]?.GetValue<int>() != 1 || limit["maximum"]?.GetValue<int>() != 100) unbounded.Add($"{operation.Id} ({operation.Path})");
        }
        Assert.True(unbounded.Count == 0, $"Lists without a limit of 1 to 100, and without a reason above:\n{string.Join('\n', unbounded)}");
    }

    static bool GivesList(ApiOperation operation, JsonNode described) =>
        described["responses"]?["200"]?["content"]?["application/json"]?["schema"] is JsonObject schema
        && (ApiOperation.TypeOf(operation.Document, schema) == "array"
            || operation.Properties(schema).Any(member => ApiOperation.TypeOf(operation.Document, member.Value) == "array"));

    async Task<string> SaveAsync(string name, Uri service)
    {
        using var http = new HttpClient();
        var document = await http.GetStringAsync(new Uri(service, "/openapi/v1.json"));
        await File.WriteAllTextAsync(Path.Combine(folder, name + ".json"), document);
        return document;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
