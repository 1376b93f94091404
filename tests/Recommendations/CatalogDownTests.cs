using System.Net;
using Rosa.Platform.Messaging;
using Rosa.Testing;

namespace Rosa.Recommendations.Tests;

public sealed class CatalogDownTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Without_the_catalog_nothing_is_suggested_and_everything_is_still_counted()
    {
        var (one, other) = (await shop.ProductAsync("Un"), await shop.ProductAsync("Deux"));
        var bus = new InProcessTransport();
        await using var alone = await shop.StartAnotherAsync(bus, catalogAddress: $"http://127.0.0.1:{FreePorts.One()}");

        var order = Shop.Order(Guid.CreateVersion7(), products: one);
        var message = Shop.Message(order);
        await bus.PublishAsync([message], default);
        await shop.HandledAsync(message.EventId);

        using var client = alone.Client(TestTokens.Shared.Customer(order.UserId));
        foreach (var path in new[] { $"/api/recommendations/{order.UserId}", $"/api/products/{other}/related" })
        {
            for (var i = 0; i < 3; i++)
            {
                using var answer = await client.GetAsync(path);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                Assert.NotNull(answer.Headers.RetryAfter);
            }
        }
        using var ready = await client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("\"Open\"", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
