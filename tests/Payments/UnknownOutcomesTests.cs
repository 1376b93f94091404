using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Rosa.Payments.Provider;
using Rosa.Platform.Database;

namespace Rosa.Payments;

/// <summary>Answers get lost, processes end in the middle: the provider is asked again, and the money moves once.</summary>
public sealed class UnknownOutcomesTests
{
    [Fact]
    public async Task A_service_that_ends_while_the_provider_works_finds_the_one_charge_after_its_start()
    {
        var orderId = Guid.CreateVersion7();
        var first = await PaymentsUnderTest.StartAsync();
        var database = first.Service.ConnectionString;
        Assert.Equal(HttpStatusCode.Accepted, (await first.PayAsync(orderId, "tok_slow")).StatusCode);
        await first.DisposeAsync();

        await using var second = await PaymentsUnderTest.StartAsync(database);
        Assert.Equal("CAPTURED", await second.OutcomeOfAsync(orderId));
        Assert.Equal(1, await second.ChargesOfAsync(orderId));
        Assert.Equal(1, await second.CountAsync("select count(*) from payments where order_id = $1", orderId));
    }

    [Fact]
    public async Task A_payment_recorded_before_a_crash_is_charged_once_after_the_start()
    {
        var orderId = Guid.CreateVersion7();
        await using var payments = await PaymentsUnderTest.StartAsync();
        await payments.CountAsync(
            """
            with crashed as (
              insert into payments (payment_id, order_id, amount, currency, method, card_token, status, next_attempt_at)
              values (gen_random_uuid(), $1, 10, 'EUR', 'card', 'tok_visa', 'PENDING', now()) returning 1)
            select count(*) from crashed
            """, orderId);
        Assert.Equal("CAPTURED", await payments.OutcomeOfAsync(orderId));
        Assert.Equal(1, await payments.ChargesOfAsync(orderId));
    }

    [Fact]
    public async Task Two_instances_on_one_database_charge_once()
    {
        await using var one = await PaymentsUnderTest.StartAsync();
        await using var two = await PaymentsUnderTest.StartAsync(one.Service.ConnectionString);
        for (var round = 0; round < 10; round++)
        {
            var orderId = Guid.CreateVersion7();
            var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).PayAsync(orderId, "tok_flaky"))));
            Assert.All(responses, response => Assert.Equal(HttpStatusCode.Created, response.StatusCode));
            Assert.Equal(1, await one.ChargesOfAsync(orderId));
        }
    }

    [Fact]
    public async Task Whatever_answers_get_lost_books_and_payments_agree()
    {
        var seed = Environment.TickCount;
        await using var payments = await PaymentsUnderTest.StartAsync(
            configure: services =>
            {
                services.AddSingleton<TestProvider>();
                services.AddSingleton<IPaymentProvider>(provider => new LossyProvider(provider.GetRequiredService<TestProvider>(), seed));
            },
            settings: [("AskAgainAfter", "00:00:00.03"), ("GiveUpAfter", "00:00:20"), ("AnswerWithin", "00:00:00.2"), ("ProviderTimeout", "00:00:00.3")]);

        var orders = Enumerable.Range(0, 40).Select(i => (Id: Guid.CreateVersion7(), Token: i % 4 == 3 ? "tok_declined" : "tok_visa")).ToList();
        await Parallel.ForEachAsync(orders, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (order, _) =>
        {
            await payments.PayAsync(order.Id, order.Token, amount: 20m);
            await payments.PayAsync(order.Id, order.Token, amount: 20m);
        });

        foreach (var (id, token) in orders)
        {
            var outcome = await payments.OutcomeOfAsync(id);
            var charges = await payments.ChargesOfAsync(id);
            Assert.True(charges == (outcome == "CAPTURED" ? 1 : 0), $"seed {seed}: {outcome} with {charges} charges");
            Assert.True(outcome is "CAPTURED" or "FAILED" || token == "tok_declined", $"seed {seed}: {token} ended {outcome}");
            if (outcome != "CAPTURED") continue;

            var transactionId = (await payments.PaymentOfAsync(id)).GetProperty("transactionId").GetGuid();
            await payments.RefundAsync(transactionId, 5m, "one");
            await payments.RefundAsync(transactionId, 15m, "two");
        }

        for (var i = 0; i < 1_500 && await payments.CountAsync("select count(*) from refunds where status = 'PENDING'") > 0; i++) await Task.Delay(50);
        Assert.Equal(0, await payments.CountAsync("select count(*) from refunds where status <> 'REFUNDED'"));
        Assert.Equal(0, await payments.CountAsync("select count(*) from payments where status = 'CAPTURED'"));
        Assert.Equal(0, await payments.CountAsync(
            "select count(*) from test_provider_ledger where state = 'CAPTURED' and refunded <> amount or state <> 'CAPTURED' and refunded <> 0"));
    }

    /// <summary>Loses requests and answers on the way, fails, and is late; the seed says when.</summary>
    sealed class LossyProvider(TestProvider provider, int seed) : IPaymentProvider
    {
        readonly Random random = new(seed);

        public Task<ProviderCharge> ChargeAsync(ChargeOrder order, CancellationToken cancellationToken) => LoseAsync(() => provider.ChargeAsync(order, cancellationToken), cancellationToken);

        public Task<ProviderCharge> FindChargeAsync(Guid key, CancellationToken cancellationToken) => LoseAsync(() => provider.FindChargeAsync(key, cancellationToken), cancellationToken);

        public Task<ProviderCharge> VoidAsync(Guid key, CancellationToken cancellationToken) => LoseAsync(() => provider.VoidAsync(key, cancellationToken), cancellationToken);

        public Task<RefundState> RefundAsync(Guid refundKey, Guid chargeKey, decimal amount, CancellationToken cancellationToken) =>
            LoseAsync(() => provider.RefundAsync(refundKey, chargeKey, amount, cancellationToken), cancellationToken);

        public Task<RefundState> FindRefundAsync(Guid refundKey, CancellationToken cancellationToken) => LoseAsync(() => provider.FindRefundAsync(refundKey, cancellationToken), cancellationToken);

        async Task<T> LoseAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
        {
            int fate;
            lock (random) fate = random.Next(12);
            if (fate == 0) throw new ProviderException("500 before");
            if (fate == 1) await Task.Delay(Timeout.Infinite, cancellationToken);
            var answer = await call();
            if (fate == 2) throw new ProviderException("500 after");
            if (fate == 3) await Task.Delay(Timeout.Infinite, cancellationToken);
            return answer;
        }
    }
}
