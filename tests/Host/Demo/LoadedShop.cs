using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Rosa.Host.Demo;
using Rosa.Platform.Hosting;
using Rosa.Testing;

namespace Rosa.Host.Tests.Demo;

/// <summary>Every service with a database, on real ones, after the demo shop was loaded.</summary>
public sealed class LoadedShop : IAsyncLifetime
{
    public const string Password = "a password of this test";

    readonly Dictionary<string, TestService> services = [];

    internal DemoShopLoader Loader { get; private set; } = null!;

    internal DemoShop Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // Those who are called come first, so that their addresses are known.
        foreach (var name in new[] { "users", "promotions", "payments", "catalog", "orders", "notifications", "recommendations" })
        {
            var addresses = services.SelectMany(service => new KeyValuePair<string, string?>[]
            {
                new($"Services:{service.Key}:Http", service.Value.HttpAddress.ToString()), new($"Services:{service.Key}:Grpc", service.Value.GrpcAddress?.ToString()),
            }).Append(new("Users:PasswordIterations", "1000"));
            services[name] = await TestService.StartAsync(Services.All.Single(service => service.Name == name), addresses);
        }
        Loader = new DemoShopLoader(services.ToDictionary(service => service.Key, service => service.Value.ConnectionString), TimeProvider.System);
        Assert.True(await Loader.LoadAsync(Password, default));
        Shop = DemoShop.Create(DemoSeed.Default, (await LoadedPart.LoadedAsOfAsync(services["orders"].ConnectionString, LoadedPart.Shop, default))!.Value);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services.Values.Reverse()) await service.DisposeAsync();
    }

    internal TestService this[string service] => services[service];

    internal HttpClient Client(string service, string? token = null) => services[service].Client(token ?? TestTokens.Shared.Employee());

    internal async Task<JsonElement> GetAsync(string service, string path, string? token = null)
    {
        using var client = Client(service, token);
        return await client.GetFromJsonAsync<JsonElement>(path);
    }

    /// <summary>The rows of a query, as one text each.</summary>
    internal async Task<IReadOnlyList<string>> RowsAsync(string service, string sql)
    {
        await using var connection = await LoadedPart.ConnectAsync(services[service].ConnectionString, default);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column))));
        return rows;
    }

    /// <summary>A number that changes with every change of any row of a service's tables.</summary>
    internal async Task<string> ContentsAsync(string service)
    {
        var tables = await RowsAsync(service, "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('product_counts', 'signing_keys') order by 1");
        var sums = tables.Select(table => $"select '{table}', count(*), coalesce(sum(hashtext(t::text)), 0) from {table} t");
        return string.Join('\n', await RowsAsync(service, string.Join(" union all ", sums)));
    }
}
