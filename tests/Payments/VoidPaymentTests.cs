using System.Net;

namespace Rosa.Payments;

public sealed class VoidPaymentTests(PaymentsFixture fixture) : IClassFixture<PaymentsFixture>
{
    readonly PaymentsUnderTest payments = fixture.Payments;
    readonly Guid orderId = Guid.CreateVersion7();

    [Fact]
    public async Task A_payment_that_comes_after_the_void_is_refused_and_charges_nothing()
    {
        for (var i = 0; i < 2; i++)
        {
            var answer = await payments.VoidAsync(orderId);
            Assert.Equal("VOIDED", answer.GetProperty("status").GetString());
            Assert.Equal(System.Text.Json.JsonValueKind.Null, answer.GetProperty("transactionId").ValueKind);
        }

        var late = await payments.PayAsync(orderId);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Equal("PAYMENT_VOIDED", await PaymentsUnderTest.CodeAsync(late));
        Assert.Equal(0, await payments.ChargesOfAsync(orderId));
    }

    [Fact]
    public async Task A_payment_in_processing_is_voided_and_never_captured()
    {
        var paying = payments.PayAsync(orderId, "tok_slow");
        await payments.BegunAsync(orderId);
        Assert.Equal("VOIDED", (await payments.VoidAsync(orderId)).GetProperty("status").GetString());
        var paid = await paying;
        Assert.Equal("PAYMENT_VOIDED", await PaymentsUnderTest.CodeAsync(paid));

        await Task.Delay(2_600);
        Assert.Equal("FAILED", await payments.StatusOfAsync(orderId));
        Assert.Equal(0, await payments.ChargesOfAsync(orderId));
        Assert.Equal(1, await payments.EventsAsync("payments.PaymentFailed", orderId));
        Assert.Equal("PAYMENT_VOIDED", await PaymentsUnderTest.CodeAsync(await payments.PayAsync(orderId, "tok_slow")));
    }

    [Theory]
    [InlineData("tok_visa", "CAPTURED")]
    [InlineData("tok_declined", "DECLINED")]
    [InlineData("tok_error", "VOIDED")]
    public async Task A_settled_payment_is_told_as_it_is(string token, string expected)
    {
        await payments.PayAsync(orderId, token);
        Assert.Equal(expected, (await payments.VoidAsync(orderId)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_refunded_payment_is_told_with_what_was_given_back()
    {
        var paid = await PaymentsUnderTest.JsonAsync(await payments.PayAsync(orderId, amount: 12m));
        await payments.RefundAsync(paid.GetProperty("transactionId").GetGuid(), 12m, "all");
        var answer = await payments.VoidAsync(orderId);
        Assert.Equal("REFUNDED", answer.GetProperty("status").GetString());
        Assert.Equal(12m, answer.GetProperty("refundedAmount").GetDecimal());
    }

    [Fact]
    public async Task When_payment_and_void_race_the_answer_of_the_void_is_the_truth()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            var order = Guid.CreateVersion7();
            var token = round % 3 == 0 ? "tok_flaky" : "tok_visa";
            var delay = random.Next(0, 4);
            var paying = Task.Run(() => payments.PayAsync(order, token));
            await Task.Delay(delay);
            var voided = (await payments.VoidAsync(order)).GetProperty("status").GetString();
            var paid = await paying;

            Assert.True(voided is "VOIDED" or "CAPTURED", $"seed {seed}: {voided}");
            Assert.True(await payments.ChargesOfAsync(order) == (voided == "CAPTURED" ? 1 : 0), $"seed {seed}, round {round}: {voided}");
            Assert.True(paid.StatusCode == (voided == "CAPTURED" ? HttpStatusCode.Created : HttpStatusCode.Conflict), $"seed {seed}, round {round}: {voided}, {paid.StatusCode}");
        }
    }
}
