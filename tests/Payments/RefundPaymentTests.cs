using System.Net;
using System.Net.Http.Json;

namespace Rosa.Payments;

public sealed class RefundPaymentTests(PaymentsFixture fixture) : IClassFixture<PaymentsFixture>
{
    readonly PaymentsUnderTest payments = fixture.Payments;
    readonly Guid orderId = Guid.CreateVersion7();

    [Fact]
    public async Task A_payment_is_given_back_in_parts_until_all_of_it_is()
    {
        var transactionId = await PaidAsync(30m);

        var first = await payments.RefundAsync(transactionId, 10m, "first");
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal("REFUNDED", (await PaymentsUnderTest.JsonAsync(first)).GetProperty("status").GetString());
        Assert.Equal("CAPTURED", await payments.StatusOfAsync(orderId));

        Assert.Equal(HttpStatusCode.Created, (await payments.RefundAsync(transactionId, 20m, "second")).StatusCode);
        var payment = await payments.PaymentOfAsync(orderId);
        Assert.Equal("REFUNDED", payment.GetProperty("status").GetString());
        Assert.Equal(30m, payment.GetProperty("refundedAmount").GetDecimal());
        Assert.Equal(2, await payments.EventsAsync("payments.PaymentRefunded", orderId));
        Assert.Equal(HttpStatusCode.Created, (await payments.PayAsync(orderId, amount: 30m)).StatusCode);
    }

    [Fact]
    public async Task More_than_was_captured_is_refused()
    {
        var transactionId = await PaidAsync(30m);
        var response = await payments.RefundAsync(transactionId, 30.01m, "too much");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("REFUND_EXCEEDS_PAYMENT", await PaymentsUnderTest.CodeAsync(response));
    }

    [Fact]
    public async Task The_same_refund_sent_twenty_times_at_once_is_made_once()
    {
        var transactionId = await PaidAsync(30m);
        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => payments.RefundAsync(transactionId, 30m, "the same"))));

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.Created, response.StatusCode));
        var answers = await Task.WhenAll(responses.Select(response => response.Content.ReadAsStringAsync()));
        Assert.Single(answers.Distinct());
        Assert.Equal(30m, (await payments.PaymentOfAsync(orderId)).GetProperty("refundedAmount").GetDecimal());
        Assert.Equal(1, await RefundsAtProviderAsync(transactionId));
        Assert.Equal(1, await payments.EventsAsync("payments.PaymentRefunded", orderId));
    }

    [Fact]
    public async Task Refunds_that_race_never_exceed_the_payment()
    {
        for (var round = 0; round < 5; round++)
        {
            var order = Guid.CreateVersion7();
            var paid = await PaymentsUnderTest.JsonAsync(await payments.PayAsync(order, amount: 100m));
            var transactionId = paid.GetProperty("transactionId").GetGuid();

            var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => payments.RefundAsync(transactionId, 15m, $"refund {i}"))));

            Assert.Equal(6, responses.Count(response => response.StatusCode == HttpStatusCode.Created));
            Assert.Equal(14, responses.Count(response => response.StatusCode == HttpStatusCode.UnprocessableEntity));
            Assert.Equal(90m, (await payments.PaymentOfAsync(order)).GetProperty("refundedAmount").GetDecimal());
            Assert.Equal(6, await RefundsAtProviderAsync(transactionId));
        }
    }

    [Fact]
    public async Task A_refund_key_with_another_body_is_refused()
    {
        var transactionId = await PaidAsync(30m);
        await payments.RefundAsync(transactionId, 10m, "key");
        var response = await payments.RefundAsync(transactionId, 11m, "key");
        Assert.Equal("IDEMPOTENCY_KEY_REUSED", await PaymentsUnderTest.CodeAsync(response));
    }

    [Fact]
    public async Task What_cannot_be_refunded_is_refused()
    {
        var transactionId = await PaidAsync(30m);
        Assert.Equal(HttpStatusCode.BadRequest, (await payments.RefundAsync(transactionId, 1m, key: null)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await payments.RefundAsync(transactionId, 0m, "key")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await payments.RefundAsync(transactionId, 0.001m, "key")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await payments.Orders.PostAsJsonAsync($"/api/payments/{transactionId}/refunds", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await payments.RefundAsync(Guid.CreateVersion7(), 1m, "key")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await payments.Orders.PostAsJsonAsync("/api/payments/x/refunds", new { amount = 1, reason = "r" })).StatusCode);

        var declinedOrder = Guid.CreateVersion7();
        var declined = await PaymentsUnderTest.JsonAsync(await payments.PayAsync(declinedOrder, "tok_declined"));
        var response = await payments.RefundAsync(declined.GetProperty("transactionId").GetGuid(), 1m, "key");
        Assert.Equal("PAYMENT_NOT_CAPTURED", await PaymentsUnderTest.CodeAsync(response));
    }

    async Task<Guid> PaidAsync(decimal amount) =>
        (await PaymentsUnderTest.JsonAsync(await payments.PayAsync(orderId, amount: amount))).GetProperty("transactionId").GetGuid();

    Task<long> RefundsAtProviderAsync(Guid transactionId) => payments.CountAsync("select count(*) from test_provider_refunds where charge_key = $1", transactionId);
}
