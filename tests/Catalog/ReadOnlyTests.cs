using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Grpc;
using Rosa.Platform.Identity;
using Rosa.Testing;

namespace Rosa.Catalog.Tests;

/// <summary>An instance that only reads, signed in to the database as a role that may only select.</summary>
public sealed class ReadOnlyTests(CatalogShop shop) : IClassFixture<CatalogShop>
{
    async Task<TestService> StartReaderAsync()
    {
        var role = $"reader_{Guid.NewGuid():n}";
        await shop.ExecuteAsync($"create role {role} login; grant pg_read_all_data to {role}");
        var signIn = new NpgsqlConnectionStringBuilder(shop.Service.ConnectionString) { Username = role };
        return await TestService.StartAsync(
            CatalogShop.Catalog, new Dictionary<string, string?> { ["Catalog:ReadOnly"] = "true", ["Catalog:Images:Folder"] = shop.ImageFolder }, signIn.ConnectionString);
    }

    [Fact]
    public async Task It_answers_everything_that_is_read()
    {
        var product = await shop.CreateAsync(CatalogShop.Product("Lisible"));
        await using var reader = await StartReaderAsync();
        using var guest = reader.Client();
        foreach (var path in new[] { "/api/products?search=lisible&facets=true", "/api/products?search=lissible", $"/api/products/{product}", "/api/categories", "/api/categories/dog", "/health/ready", "/metrics" })
            Assert.Equal((path, HttpStatusCode.OK), (path, (await guest.GetAsync(path)).StatusCode));
        using var check = await guest.PostAsJsonAsync("/api/products/check-stock", new { items = new[] { new { productId = product, quantity = 1 } } });
        Assert.True((await check.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("allAvailable").GetBoolean());
        using var channel = reader.Channel();
        Assert.True((await shop.CallAsync(CatalogGrpc.VerifyStock, new StockCheckRequest { ProductId = product.ToString(), Quantity = 1 }, channel)).Available);
    }

    [Fact]
    public async Task It_has_nothing_that_writes()
    {
        var product = await shop.CreateAsync();
        await using var reader = await StartReaderAsync();
        var writing = shop.Service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => AccessRules.AccessOf(endpoint) is Access.Employee or Access.SignedIn).Select(endpoint => endpoint.RoutePattern.RawText).ToHashSet();
        Assert.NotEmpty(writing);
        Assert.DoesNotContain(reader.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>(),
            endpoint => AccessRules.AccessOf(endpoint) is Access.Employee or Access.SignedIn);

        using var employee = reader.Client(TestTokens.Shared.Employee());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await employee.PostAsJsonAsync("/api/products", CatalogShop.Product())).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await employee.DeleteAsync($"/api/products/{product}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await employee.PatchAsJsonAsync($"/api/products/{product}/inventory", new { quantity = 1, reason = "x" })).StatusCode);
        using var channel = reader.Channel();
        var refused = await Assert.ThrowsAsync<GrpcException>(() => shop.ReserveAsync(Guid.CreateVersion7(), channel, 0, (product, 1)));
        Assert.Equal(GrpcStatusCode.Unimplemented, refused.Status);
    }

    [Fact]
    public async Task It_could_not_write_if_it_tried()
    {
        await using var reader = await StartReaderAsync();
        var source = reader.Services.GetRequiredService<NpgsqlDataSource>();
        foreach (var sql in new[] { "update stock set available = 0", "insert into outbox (event_id, routing_key, subject, envelope) values (gen_random_uuid(), '', '', '')", "delete from products", "create table mine (id int)" })
        {
            await using var command = source.CreateCommand(sql);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }
}
