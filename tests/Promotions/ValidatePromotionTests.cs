using System.Net;
using System.Net.Http.Json;
using Rosa.Contracts.Promotions;
using Rosa.Platform.Grpc;
using Rosa.Testing;

namespace Rosa.Promotions;

public sealed class ValidatePromotionTests(PromotionsUnderTest promotions) : IClassFixture<PromotionsUnderTest>
{
    [Fact]
    public async Task A_valid_code_says_what_it_takes_off()
    {
        var code = await promotions.CodeAsync(percentage: 12.5m);
        var answer = await promotions.ValidateAsync(code.ToLowerInvariant(), 39.99m);
        Assert.True(answer.GetProperty("isValid").GetBoolean());
        Assert.Equal(12.5m, answer.GetProperty("discountPercentage").GetDecimal());
        Assert.Equal(5.00m, answer.GetProperty("discountAmount").GetDecimal());
        Assert.Equal(34.99m, answer.GetProperty("finalTotal").GetDecimal());
        Assert.Equal(0, await promotions.UsageAsync(code));
    }

    [Fact]
    public async Task An_invalid_code_says_why()
    {
        var now = DateTimeOffset.UtcNow;
        var used = await promotions.CodeAsync(maxUses: 1);
        await promotions.RedeemAsync(used, Guid.CreateVersion7());

        await AssertReasonAsync("CODE_UNKNOWN", "NO-SUCH-CODE");
        await AssertReasonAsync("CODE_UNKNOWN", "'; drop table promotions; --");
        await AssertReasonAsync("CODE_UNKNOWN", await promotions.CodeAsync(automatic: true));
        await AssertReasonAsync("CODE_NOT_STARTED", await promotions.CodeAsync(from: now.AddHours(1)));
        await AssertReasonAsync("CODE_EXPIRED", await promotions.CodeAsync(until: now.AddHours(-1)));
        await AssertReasonAsync("CODE_EXHAUSTED", used);
        await AssertReasonAsync("CART_TOO_SMALL", await promotions.CodeAsync(minCartTotal: 50.01m));
    }

    [Fact]
    public async Task A_signed_in_customer_is_judged_by_their_own_uses()
    {
        var (customer, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var code = await promotions.CodeAsync(maxUsesPerUser: 1);
        await promotions.RedeemAsync(code, Guid.CreateVersion7(), customer);

        using var signedIn = promotions.Service.Client(TestTokens.Shared.Customer(customer));
        Assert.Equal("ALREADY_USED", (await promotions.ValidateAsync(code, 50, userId: other, by: signedIn)).GetProperty("reason").GetString());
        Assert.Equal("ALREADY_USED", (await promotions.ValidateAsync(code, 50, userId: customer)).GetProperty("reason").GetString());
        Assert.True((await promotions.ValidateAsync(code, 50, userId: other)).GetProperty("isValid").GetBoolean());
        Assert.True((await promotions.ValidateAsync(code, 50)).GetProperty("isValid").GetBoolean());
    }

    [Fact]
    public async Task A_code_of_a_category_looks_at_the_items()
    {
        var code = await promotions.CodeAsync(percentage: 50, category: "dog");
        var answer = await promotions.ValidateAsync(code, 100, new[]
        {
            new { category = "dog-food", price = 10m, quantity = 3 }, new { category = "cat", price = 70m, quantity = 1 },
        });
        Assert.Equal(15m, answer.GetProperty("discountAmount").GetDecimal());
        Assert.Equal(85m, answer.GetProperty("finalTotal").GetDecimal());
        Assert.Equal("CART_TOO_SMALL", (await promotions.ValidateAsync(code, 100)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Over_gRPC_the_answer_is_the_same()
    {
        var code = await promotions.CodeAsync(percentage: 12.5m);
        var answer = await promotions.CallAsync(PromotionsGrpc.Validate, new ValidateRequest { Code = code, CartTotalCents = 3_999 });
        Assert.True(answer.IsValid);
        Assert.Equal(500, answer.DiscountCents);
        Assert.Equal(1_250, answer.DiscountBasisPoints);
        Assert.Equal("CODE_UNKNOWN", (await promotions.CallAsync(PromotionsGrpc.Validate, new ValidateRequest { Code = "" })).Reason);

        var bad = await Assert.ThrowsAsync<GrpcException>(() => promotions.CallAsync(PromotionsGrpc.Validate, new ValidateRequest { Code = code, CartTotalCents = -1 }));
        Assert.Equal(GrpcStatusCode.InvalidArgument, bad.Status);
        bad = await Assert.ThrowsAsync<GrpcException>(() => promotions.CallAsync(PromotionsGrpc.Validate, new ValidateRequest { Code = code, UserId = "x" }));
        Assert.Equal(GrpcStatusCode.InvalidArgument, bad.Status);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"promoCode":"A"}""")]
    [InlineData("""{"promoCode":"","cartTotal":1}""")]
    [InlineData("""{"promoCode":"A","cartTotal":-1}""")]
    [InlineData("""{"promoCode":"A","cartTotal":1.001}""")]
    [InlineData("""{"promoCode":"A","cartTotal":1e30}""")]
    [InlineData("""{"promoCode":"A","cartTotal":1,"items":[null]}""")]
    [InlineData("""{"promoCode":"A","cartTotal":1,"items":[{}]}""")]
    [InlineData("""{"promoCode":"A","cartTotal":1,"items":[{"price":1,"quantity":0}]}""")]
    [InlineData("""{"promoCode":"A","cartTotal":1,"items":"x"}""")]
    [InlineData("""{"promoCode":"A\u0000","cartTotal":1}""")]
    [InlineData("null")]
    public async Task Bad_input_is_400(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await promotions.Guest.PostAsync("/api/promotions/validate", new StringContent(body, null, "application/json"))).StatusCode);

    async Task AssertReasonAsync(string reason, string code)
    {
        var answer = await promotions.ValidateAsync(code, 50);
        Assert.False(answer.GetProperty("isValid").GetBoolean());
        Assert.Equal(reason, answer.GetProperty("reason").GetString());
    }
}
