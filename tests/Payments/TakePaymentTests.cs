using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Rosa.Testing;

namespace Rosa.Payments;

public sealed class TakePaymentTests(PaymentsFixture fixture) : IClassFixture<PaymentsFixture>
{
    readonly PaymentsUnderTest payments = fixture.Payments;
    readonly Guid orderId = Guid.CreateVersion7();

    [Theory]
    [InlineData("tok_visa")]
    [InlineData("tok_mastercard")]
    [InlineData("tok_flaky")]
    public async Task An_approved_payment_is_captured_once_and_told(string token)
    {
        var response = await payments.PayAsync(orderId, token);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("CAPTURED", (await PaymentsUnderTest.JsonAsync(response)).GetProperty("status").GetString());
        Assert.Equal(1, await payments.ChargesOfAsync(orderId));
        Assert.Equal(1, await payments.EventsAsync("payments.PaymentProcessed", orderId));
    }

    [Theory]
    [InlineData("tok_declined")]
    [InlineData("tok_of_nobody")]
    public async Task A_declined_payment_is_refused_also_when_asked_again(string token)
    {
        for (var i = 0; i < 2; i++)
        {
            var response = await payments.PayAsync(orderId, token);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            var problem = await PaymentsUnderTest.JsonAsync(response);
            Assert.Equal("PAYMENT_DECLINED", problem.GetProperty("code").GetString());
            Assert.NotEqual(Guid.Empty, problem.GetProperty("transactionId").GetGuid());
        }
        Assert.Equal("DECLINED", await payments.StatusOfAsync(orderId));
        Assert.Equal(1, await payments.EventsAsync("payments.PaymentFailed", orderId));
        Assert.Equal(0, await payments.ChargesOfAsync(orderId));
    }

    [Fact]
    public async Task A_failing_provider_is_not_our_fault_and_nothing_is_taken()
    {
        for (var i = 0; i < 2; i++)
        {
            var response = await payments.PayAsync(orderId, "tok_error");
            Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
            Assert.Equal("PROVIDER_ERROR", await PaymentsUnderTest.CodeAsync(response));
            Assert.True(response.Headers.Contains("X-Outside-Fault"));
        }
        Assert.Equal("FAILED", await payments.StatusOfAsync(orderId));
        Assert.Equal(1, await payments.EventsAsync("payments.PaymentFailed", orderId));
    }

    [Fact]
    public async Task A_slow_payment_is_pending_at_first_and_captured_later()
    {
        var response = await payments.PayAsync(orderId, "tok_slow");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("PENDING", (await PaymentsUnderTest.JsonAsync(response)).GetProperty("status").GetString());

        Assert.Equal("CAPTURED", await payments.OutcomeOfAsync(orderId));
        Assert.Equal(HttpStatusCode.Created, (await payments.PayAsync(orderId, "tok_slow")).StatusCode);
        Assert.Equal(1, await payments.ChargesOfAsync(orderId));
        Assert.Equal(1, await payments.EventsAsync("payments.PaymentProcessed", orderId));
    }

    [Fact]
    public async Task A_provider_that_never_answers_is_given_up_and_nothing_is_taken()
    {
        Assert.Equal(HttpStatusCode.Accepted, (await payments.PayAsync(orderId, "tok_timeout")).StatusCode);
        Assert.Equal("FAILED", await payments.OutcomeOfAsync(orderId));
        Assert.Equal(HttpStatusCode.BadGateway, (await payments.PayAsync(orderId, "tok_timeout")).StatusCode);
        Assert.Equal(1, await payments.CountAsync("select count(*) from test_provider_ledger l join payments p on p.payment_id = l.charge_key where p.order_id = $1 and l.state = 'VOIDED'", orderId));
    }

    [Theory]
    [InlineData("tok_visa", 201)]
    [InlineData("tok_flaky", 201)]
    [InlineData("tok_declined", 422)]
    [InlineData("tok_error", 502)]
    public async Task The_same_payment_sent_twenty_times_at_once_is_one_charge_and_one_answer(string token, int status)
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => payments.PayAsync(orderId, token))));

        Assert.All(responses, response => Assert.Equal(status, (int)response.StatusCode));
        var ids = await Task.WhenAll(responses.Select(async response => (await PaymentsUnderTest.JsonAsync(response)).GetProperty("transactionId").GetGuid()));
        Assert.Single(ids.Distinct());
        Assert.Equal(status == 201 ? 1 : 0, await payments.ChargesOfAsync(orderId));
        Assert.Equal(1, await payments.CountAsync("select count(*) from told where subject = $1", orderId.ToString()));
    }

    [Fact]
    public async Task One_order_is_paid_once_whatever_the_keys_are()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => payments.PayAsync(orderId, key: $"key {i} of {orderId}")));
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.Created, response.StatusCode));
        Assert.Equal(1, await payments.ChargesOfAsync(orderId));
    }

    [Fact]
    public async Task The_same_order_or_key_with_another_body_is_refused()
    {
        await payments.PayAsync(orderId);
        Assert.Equal(HttpStatusCode.Created, (await payments.PayAsync(orderId, amount: 25.5m)).StatusCode);
        foreach (var response in new[]
        {
            await payments.PayAsync(orderId, amount: 25.51m),
            await payments.PayAsync(orderId, currency: "USD"),
            await payments.PayAsync(orderId, token: "tok_mastercard"),
            await payments.PayAsync(Guid.CreateVersion7(), key: orderId.ToString()),
        })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            Assert.Equal("IDEMPOTENCY_KEY_REUSED", await PaymentsUnderTest.CodeAsync(response));
        }
        Assert.Equal(1, await payments.ChargesOfAsync(orderId));
    }

    [Theory]
    [InlineData("4242424242424242")]
    [InlineData("4242 4242 4242 4242")]
    [InlineData("tok_4000-0000-0000-0002")]
    public async Task A_card_number_is_refused_and_kept_nowhere(string number)
    {
        var response = await payments.PayAsync(orderId, number);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("CARD_NUMBER_REFUSED", await PaymentsUnderTest.CodeAsync(response));
        Assert.Equal(0, await payments.CountAsync("select count(*) from payments where order_id = $1", orderId));
    }

    [Fact]
    public async Task The_card_token_is_forgotten_when_the_outcome_is_known()
    {
        await payments.PayAsync(orderId);
        Assert.Equal(1, await payments.CountAsync("select count(*) from payments where order_id = $1 and card_token is null", orderId));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""{"orderId":"x","amount":1,"currency":"EUR","method":"card","cardToken":"tok_visa"}""")]
    [InlineData("""{"orderId":"00000000-0000-0000-0000-000000000000","amount":1,"currency":"EUR","method":"card","cardToken":"tok_visa"}""")]
    [InlineData("""{"orderId":"0198a5ee-0000-7000-8000-000000000001","amount":0,"currency":"EUR","method":"card","cardToken":"tok_visa"}""")]
    [InlineData("""{"orderId":"0198a5ee-0000-7000-8000-000000000001","amount":-1,"currency":"EUR","method":"card","cardToken":"tok_visa"}""")]
    [InlineData("""{"orderId":"0198a5ee-0000-7000-8000-000000000001","amount":1.001,"currency":"EUR","method":"card","cardToken":"tok_visa"}""")]
    [InlineData("""{"orderId":"0198a5ee-0000-7000-8000-000000000001","amount":10000000000,"currency":"EUR","method":"card","cardToken":"tok_visa"}""")]
    [InlineData("""{"orderId":"0198a5ee-0000-7000-8000-000000000001","amount":1e40,"currency":"EUR","method":"card","cardToken":"tok_visa"}""")]
    [InlineData("""{"orderId":"0198a5ee-0000-7000-8000-000000000001","amount":1,"currency":"euro","method":"card","cardToken":"tok_visa"}""")]
    [InlineData("""{"orderId":"0198a5ee-0000-7000-8000-000000000001","amount":1,"currency":"EUR","method":"cash","cardToken":"tok_visa"}""")]
    [InlineData("""{"orderId":"0198a5ee-0000-7000-8000-000000000001","amount":1,"currency":"EUR","method":"card","cardToken":""}""")]
    [InlineData("""{"orderId":"0198a5ee-0000-7000-8000-000000000001","amount":1,"currency":"EUR","method":"card","cardToken":"tok\u0000visa"}""")]
    public async Task Bad_input_is_400(string body)
    {
        var response = await payments.Orders.PostAsync("/api/payments", new StringContent(body, null, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Only_services_may_pay_and_employees_may_read()
    {
        var body = JsonContent.Create(new { orderId, amount = 1m, currency = "EUR", method = "card", cardToken = "tok_visa" });
        using var guest = payments.Service.Client();
        using var customer = payments.Service.Client(TestTokens.Shared.Customer(Guid.CreateVersion7()));
        using var employee = payments.Service.Client(TestTokens.Shared.Employee());
        Assert.Equal(HttpStatusCode.Unauthorized, (await guest.PostAsync("/api/payments", body)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.PostAsync("/api/payments", body)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await employee.PostAsync("/api/payments", body)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await employee.PostAsync($"/internal/payments/{orderId}/void", null)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.GetAsync("/api/payments")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await employee.GetAsync("/api/payments")).StatusCode);
    }

    [Fact]
    public async Task Payments_are_listed_newest_first_page_by_page()
    {
        await using var own = await PaymentsUnderTest.StartAsync();
        var orders = Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7()).ToList();
        foreach (var order in orders) await own.PayAsync(order);
        await own.VoidAsync(Guid.CreateVersion7());

        var second = await own.Orders.GetFromJsonAsync<JsonElement>("/api/payments?page=2&limit=2");

        Assert.Equal([orders[2], orders[1]], second.GetProperty("payments").EnumerateArray().Select(p => p.GetProperty("orderId").GetGuid()));
        Assert.Equal(5, second.GetProperty("total").GetInt32());
        Assert.Equal("""{"payments":[],"total":0,"page":1,"limit":20}""", await own.Orders.GetStringAsync($"/api/payments?orderId={Guid.CreateVersion7()}"));
        foreach (var query in new[] { "page=0", "limit=0", "limit=101", "page=x", "orderId=x" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await own.Orders.GetAsync("/api/payments?" + query)).StatusCode);
        }
    }
}
