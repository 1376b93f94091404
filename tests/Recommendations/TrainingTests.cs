using System.Net;
using System.Net.Http.Json;
using System.Text;
using Rosa.Testing;

namespace Rosa.Recommendations.Tests;

public sealed class TrainingTests(Shop shop) : IClassFixture<Shop>
{
    async Task<HttpStatusCode> TrainAsync(object body, string? token = null)
    {
        using var client = shop.Service.Client(token ?? TestTokens.Shared.Employee());
        using var answer = await client.PostAsJsonAsync("/api/recommendations/training", body);
        return answer.StatusCode;
    }

    [Fact]
    public async Task What_was_bought_elsewhere_is_learned_once()
    {
        var (cage, perch) = (await shop.ProductAsync("Cage"), await shop.ProductAsync("Perchoir"));
        var userId = Guid.CreateVersion7();
        Assert.Equal(HttpStatusCode.Accepted, await TrainAsync(new { userId, purchasedItems = new[] { cage, perch } }));
        var before = await shop.CountsAsync();
        Assert.Equal(HttpStatusCode.Accepted, await TrainAsync(new { userId, purchasedItems = new[] { perch, cage, cage } }));
        Assert.Equal(HttpStatusCode.Accepted, await TrainAsync(new { userId, purchasedItems = new[] { new { productId = perch, quantity = 2 }, new { productId = cage, quantity = 1 } } }));
        Assert.Equal(before, await shop.CountsAsync());

        var customer = (await shop.BuyAsync(null, cage)).UserId;
        Assert.Equal(perch, (await shop.SuggestedToAsync(customer))[0].ProductId);
        Assert.DoesNotContain(await shop.SuggestedToAsync(userId), entry => entry.ProductId == cage || entry.ProductId == perch);
    }

    [Fact]
    public async Task Only_employees_teach()
    {
        var body = new { userId = Guid.CreateVersion7(), purchasedItems = new[] { Guid.CreateVersion7() } };
        Assert.Equal(HttpStatusCode.Forbidden, await TrainAsync(body, TestTokens.Shared.Customer(body.userId)));
        using var guest = shop.Service.Client();
        using var answer = await guest.PostAsJsonAsync("/api/recommendations/training", body);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"userId": "019aa000-0000-7000-8000-000000000000"}""")]
    [InlineData("""{"purchasedItems": ["019aa000-0000-7000-8000-000000000000"]}""")]
    [InlineData("""{"userId": "019aa000-0000-7000-8000-000000000000", "purchasedItems": []}""")]
    [InlineData("""{"userId": "019aa000-0000-7000-8000-000000000000", "purchasedItems": ["litter"]}""")]
    [InlineData("""{"userId": "019aa000-0000-7000-8000-000000000000", "purchasedItems": [{"quantity": 1}]}""")]
    [InlineData("""{"userId": "019aa000-0000-7000-8000-000000000000", "purchasedItems": [{"productId": {"a": [1]}}]}""")]
    [InlineData("""{"userId": "019aa000-0000-7000-8000-000000000000", "purchasedItems": [7, null, true]}""")]
    [InlineData("""{"userId": "somebody", "purchasedItems": ["019aa000-0000-7000-8000-000000000000"]}""")]
    [InlineData("""not JSON""")]
    public async Task What_cannot_be_learned_is_refused(string body)
    {
        var before = await shop.CountsAsync();
        using var client = shop.Service.Client(TestTokens.Shared.Employee());
        using var answer = await client.PostAsync("/api/recommendations/training", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(before, await shop.CountsAsync());
    }

    [Fact]
    public async Task At_most_a_hundred_items_are_learned_at_once()
    {
        Guid[] items = [.. Enumerable.Range(0, 101).Select(_ => Guid.CreateVersion7())];
        Assert.Equal(HttpStatusCode.BadRequest, await TrainAsync(new { userId = Guid.CreateVersion7(), purchasedItems = items }));
        Assert.Equal(HttpStatusCode.Accepted, await TrainAsync(new { userId = Guid.CreateVersion7(), purchasedItems = items[1..] }));
    }
}
