using Rosa.Testing;

namespace Rosa.Payments;

/// <summary>The service with a provider that is reached over HTTP and says later what became of a charge.</summary>
public sealed class HostedPayments : IAsyncLifetime
{
    public FakePaymentProvider Provider { get; private set; } = null!;

    public PaymentsUnderTest Payments { get; private set; } = null!;

    public Uri Address => Payments.Service.HttpAddress;

    public async ValueTask InitializeAsync()
    {
        Provider = await FakePaymentProvider.StartAsync();
        Payments = await StartAsync();
        await Payments.KeepEventsAsync();
    }

    /// <summary>Another instance or the next one; given up late, and hardly ever asked about again unless a test wants it.</summary>
    public Task<PaymentsUnderTest> StartAsync(string? connectionString = null, params (string Name, string Value)[] settings) => PaymentsUnderTest.StartAsync(
        connectionString, settings: [.. Provider.Settings, ("ProviderTimeout", "00:00:05"), ("AnswerWithin", "00:00:06"), ("AskAgainAfter", "00:00:10"), ("GiveUpAfter", "00:10:00"), .. settings]);

    /// <summary>A payment that is in processing at the provider; its id.</summary>
    public async Task<Guid> ProcessingAsync(Guid orderId)
    {
        Assert.Equal(202, (int)(await Payments.PayAsync(orderId, "tok_later")).StatusCode);
        return Provider.ChargeOf(orderId).PaymentId;
    }

    public async Task TellAsync(string type, Guid paymentId, string? eventId = null) =>
        Assert.Equal(200, (int)(await Provider.TellAsync(Address, type, paymentId, eventId)).StatusCode);

    public Task<long> EventsKeptAsync(Guid paymentId) => Payments.CountAsync("select count(*) from provider_events where payment_id = $1", paymentId);

    /// <summary>No attempt is due any more.</summary>
    public async Task AtRestAsync(Guid orderId)
    {
        for (var i = 0; i < 1_500; i++)
        {
            if (await Payments.CountAsync(
                """
                select count(*) from payments p left join refunds r on r.payment_id = p.payment_id and r.status = 'PENDING'
                where p.order_id = $1 and (p.look_again_at is not null or p.status = 'PENDING' and p.next_attempt_at <= now() + interval '2 seconds' or r.refund_id is not null)
                """, orderId) == 0) return;
            await Task.Delay(20);
        }
        throw new TimeoutException($"The payment of {orderId} does not come to rest.");
    }

    public async ValueTask DisposeAsync()
    {
        await Payments.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
