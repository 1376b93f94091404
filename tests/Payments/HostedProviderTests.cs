using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Rosa.Payments;

/// <summary>The provider over HTTP: what it answers at once, what it says later when asked, and what happens while it is down.</summary>
public sealed class HostedProviderTests(HostedPayments hosted) : IClassFixture<HostedPayments>
{
    readonly PaymentsUnderTest payments = hosted.Payments;
    readonly Guid orderId = Guid.CreateVersion7();

    [Fact]
    public async Task A_charge_that_succeeds_or_is_declined_at_once_is_answered_at_once()
    {
        Assert.Equal(HttpStatusCode.Created, (await payments.PayAsync(orderId)).StatusCode);
        Assert.Equal(25.50m, hosted.Provider.ChargeOf(orderId).Amount);

        var declined = Guid.CreateVersion7();
        Assert.Equal("PAYMENT_DECLINED", await PaymentsUnderTest.CodeAsync(await payments.PayAsync(declined, "tok_declined")));
        Assert.Equal("DECLINED", await payments.StatusOfAsync(declined));
    }

    [Fact]
    public async Task A_part_of_it_is_given_back_once_for_its_key()
    {
        await payments.PayAsync(orderId, amount: 20m);
        var transactionId = hosted.Provider.ChargeOf(orderId).PaymentId;
        for (var i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.Created, (await payments.RefundAsync(transactionId, 5m, "one")).StatusCode);
        Assert.Equal(5m, Assert.Single(hosted.Provider.RefundsOf(orderId)).Amount);
    }

    [Fact]
    public async Task A_charge_in_processing_is_pending_until_it_is_decided_and_asking_finds_out_without_a_webhook()
    {
        await using var asking = await hosted.StartAsync(settings: ("AskAgainAfter", "00:00:00.1"));
        await asking.KeepEventsAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await asking.PayAsync(orderId, "tok_later")).StatusCode);
        await Task.Delay(500);
        Assert.Equal("PENDING", await asking.StatusOfAsync(orderId));

        hosted.Provider.Decide(orderId, "succeeded");
        Assert.Equal("CAPTURED", await asking.OutcomeOfAsync(orderId));
        Assert.Equal(HttpStatusCode.Created, (await asking.PayAsync(orderId, "tok_later")).StatusCode);
        Assert.Equal(1, await asking.EventsAsync("payments.PaymentProcessed", orderId));
        Assert.Equal(1, await asking.EventsAsync("payments.PaymentDecidedLate", orderId));
    }

    [Fact]
    public async Task A_voided_charge_in_processing_is_never_taken()
    {
        await hosted.ProcessingAsync(orderId);
        Assert.Equal("VOIDED", (await payments.VoidAsync(orderId)).GetProperty("status").GetString());
        Assert.Equal("voided", hosted.Provider.ChargeOf(orderId).Status);
        Assert.Equal("FAILED", await payments.StatusOfAsync(orderId));
    }

    [Fact]
    public async Task While_the_provider_is_down_nothing_is_guessed_and_afterwards_it_is_charged_once()
    {
        await using var own = new Own();
        await own.InitializeAsync();
        own.Hosted.Provider.IsDown = true;
        Assert.Equal(HttpStatusCode.Accepted, (await own.Payments.PayAsync(orderId)).StatusCode);
        await Task.Delay(1_000);
        Assert.Equal("PENDING", await own.Payments.StatusOfAsync(orderId));

        own.Hosted.Provider.IsDown = false;
        Assert.Equal("CAPTURED", await own.Payments.OutcomeOfAsync(orderId));
        Assert.Equal("succeeded", own.Hosted.Provider.ChargeOf(orderId).Status);
    }

    [Fact]
    public async Task A_key_that_the_provider_does_not_know_takes_nothing_and_decides_nothing()
    {
        await using var wrong = await hosted.StartAsync(settings: ("Hosted:ApiKey", "somebody-elses"));
        Assert.Equal(HttpStatusCode.Accepted, (await wrong.PayAsync(orderId)).StatusCode);
        Assert.Equal("PENDING", await wrong.StatusOfAsync(orderId));
    }

    [Theory]
    [InlineData("Hosted:BaseUrl", "http://provider.example/")]
    [InlineData("Hosted:ApiKey", "")]
    [InlineData("Hosted:WebhookSecret", "short")]
    [InlineData("Provider", "unknown")]
    public void What_cannot_work_is_refused_at_start(string name, string value)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(hosted.Provider.Settings.Append((name, value)).ToLookup(setting => "Payments:" + setting.Item1, setting => setting.Item2)
            .ToDictionary(setting => setting.Key, string? (setting) => setting.Last()));
        PaymentsService.AddPayments(builder);
        using var services = builder.Services.BuildServiceProvider();
        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<PaymentsOptions>>().Value);
    }

    /// <summary>A provider that may go down without disturbing the other tests; asked again at once, its circuit closed again soon.</summary>
    sealed class Own : IAsyncDisposable
    {
        public HostedPayments Hosted { get; } = new();

        public PaymentsUnderTest Payments { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            await Hosted.InitializeAsync();
            Payments = await Hosted.StartAsync(settings: ("AskAgainAfter", "00:00:00.1"));
        }

        public async ValueTask DisposeAsync()
        {
            await Payments.DisposeAsync();
            await Hosted.DisposeAsync();
        }
    }
}
