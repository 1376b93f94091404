using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Database;
using Rosa.Testing;

namespace Rosa.Payments;

/// <summary>The provider's webhooks: on time, repeated, out of order, forged, and with money that comes late.</summary>
public sealed class WebhookTests(HostedPayments hosted) : IClassFixture<HostedPayments>
{
    readonly PaymentsUnderTest payments = hosted.Payments;
    readonly FakePaymentProvider provider = hosted.Provider;
    readonly Guid orderId = Guid.CreateVersion7();

    [Theory]
    [InlineData("succeeded", "CAPTURED", "payments.PaymentProcessed")]
    [InlineData("declined", "DECLINED", "payments.PaymentFailed")]
    public async Task An_event_settles_the_payment_long_before_it_is_asked_about_again(string decision, string status, string told)
    {
        var paymentId = await hosted.ProcessingAsync(orderId);
        provider.Decide(orderId, decision);
        Assert.Equal("PENDING", await payments.StatusOfAsync(orderId));

        await hosted.TellAsync($"charge.{decision}", paymentId);
        Assert.Equal(status, await payments.OutcomeOfAsync(orderId));
        Assert.Equal(1, await payments.EventsAsync(told, orderId));
        Assert.Equal(1, await payments.EventsAsync("payments.PaymentDecidedLate", orderId));
    }

    [Fact]
    public async Task An_event_before_the_decision_or_with_a_lie_changes_nothing()
    {
        var paymentId = await hosted.ProcessingAsync(orderId);
        await hosted.TellAsync("charge.succeeded", paymentId);
        await hosted.AtRestAsync(orderId);
        Assert.Equal("PENDING", await payments.StatusOfAsync(orderId));
    }

    [Fact]
    public async Task The_same_event_twenty_times_at_once_has_one_effect()
    {
        var paymentId = await hosted.ProcessingAsync(orderId);
        provider.Decide(orderId, "succeeded");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => hosted.TellAsync("charge.succeeded", paymentId, $"evt-{orderId}"))));

        Assert.Equal("CAPTURED", await payments.OutcomeOfAsync(orderId));
        await hosted.AtRestAsync(orderId);
        Assert.Equal(1, await hosted.EventsKeptAsync(paymentId));
        Assert.Equal(1, await payments.EventsAsync("payments.PaymentProcessed", orderId));
        Assert.Equal(2, await payments.CountAsync("select count(*) from told where subject = $1", orderId.ToString()));
    }

    [Fact]
    public async Task Asking_and_being_told_at_the_same_moment_is_one_capture_and_one_event()
    {
        const int rounds = 60;
        var seed = Environment.TickCount;
        var random = new Random(seed);
        await using var asking = await hosted.StartAsync(payments.Service.ConnectionString, ("AskAgainAfter", "00:00:00.01"), ("ResolveEvery", "00:00:00.05"));
        for (var round = 0; round < rounds; round++)
        {
            var order = Guid.CreateVersion7();
            Assert.Equal(HttpStatusCode.Accepted, (await asking.PayAsync(order, "tok_later")).StatusCode);
            var paymentId = provider.ChargeOf(order).PaymentId;
            await Task.Delay(random.Next(60));
            provider.Decide(order, "succeeded");
            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => provider.TellAsync(
                i % 2 == 0 ? asking.Service.HttpAddress : hosted.Address, "charge.succeeded", paymentId, i == 3 ? null : $"evt-{order}"))));
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));

            Assert.True(await payments.OutcomeOfAsync(order) == "CAPTURED", $"seed {seed}, round {round}");
            await hosted.AtRestAsync(order);
            Assert.True(await payments.EventsAsync("payments.PaymentProcessed", order) == 1, $"seed {seed}, round {round}: PaymentProcessed");
            Assert.True(await payments.EventsAsync("payments.PaymentDecidedLate", order) == 1, $"seed {seed}, round {round}: PaymentDecidedLate");
        }
    }

    [Fact]
    public async Task Events_out_of_order_leave_what_is_true()
    {
        var paymentId = await hosted.ProcessingAsync(orderId);
        provider.Decide(orderId, "succeeded");
        await hosted.TellAsync("refund.succeeded", paymentId);
        Assert.Equal("CAPTURED", await payments.OutcomeOfAsync(orderId));

        foreach (var type in new[] { "charge.failed", "charge.processing", "charge.succeeded", "something.new" }) await hosted.TellAsync(type, paymentId);
        await hosted.AtRestAsync(orderId);
        Assert.Equal("CAPTURED", await payments.StatusOfAsync(orderId));
        Assert.Equal(1, await payments.EventsAsync("payments.PaymentProcessed", orderId));
        Assert.Equal(0, await payments.EventsAsync("payments.PaymentFailed", orderId));
        Assert.Equal(5, await hosted.EventsKeptAsync(paymentId));
    }

    [Fact]
    public async Task A_forged_event_is_refused_and_leaves_nothing()
    {
        var paymentId = await hosted.ProcessingAsync(orderId);
        var before = provider.Asked;
        var body = FakePaymentProvider.Event(Guid.NewGuid().ToString(), "charge.succeeded", paymentId);
        var now = DateTimeOffset.UtcNow;
        var signed = FakePaymentProvider.Sign(body, now);
        foreach (var (sent, signature) in new (string, string?)[]
        {
            (body, null),
            (body, ""),
            (body, "garbage"),
            (body, FakePaymentProvider.Sign(body, now, "a-secret-of-somebody-else")),
            (body.Replace("succeeded", "refunded", StringComparison.Ordinal), signed),
            (body, FakePaymentProvider.Sign(body, now.AddMinutes(-6))),
            (body, FakePaymentProvider.Sign(body, now.AddMinutes(6))),
            (body, signed.Split(',')[0]),
            (body, signed.Split(',')[1]),
        })
        {
            var answer = await provider.PostAsync(hosted.Address, sent, signature);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal("WEBHOOK_SIGNATURE_INVALID", await PaymentsUnderTest.CodeAsync(answer));
        }
        Assert.Equal(0, await hosted.EventsKeptAsync(paymentId));
        Assert.Equal(before, provider.Asked);
        Assert.Equal("PENDING", await payments.StatusOfAsync(orderId));
    }

    [Fact]
    public async Task While_the_secret_is_being_changed_both_signatures_come_and_one_is_enough()
    {
        var paymentId = await hosted.ProcessingAsync(orderId);
        provider.Decide(orderId, "succeeded");
        var body = FakePaymentProvider.Event(Guid.NewGuid().ToString(), "charge.succeeded", paymentId);
        var answer = await provider.PostAsync(hosted.Address, body, FakePaymentProvider.Sign(body, DateTimeOffset.UtcNow, "the-next-secret-of-the-shop", FakePaymentProvider.WebhookSecret));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("CAPTURED", await payments.OutcomeOfAsync(orderId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("not json")]
    [InlineData("""{"type":"charge.succeeded"}""")]
    [InlineData("""{"id":"","type":"charge.succeeded"}""")]
    [InlineData("""{"id":"a\u0000b","type":"charge.succeeded"}""")]
    [InlineData("""{"id":7,"type":"charge.succeeded"}""")]
    public async Task A_signed_event_that_cannot_be_read_is_400(string body)
    {
        var answer = await provider.PostAsync(hosted.Address, body, FakePaymentProvider.Sign(body, DateTimeOffset.UtcNow));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("WEBHOOK_UNREADABLE", await PaymentsUnderTest.CodeAsync(answer));
    }

    [Fact]
    public async Task A_body_that_is_too_large_and_a_provider_that_is_not_ours_are_refused()
    {
        var large = new string(' ', 70_000);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await provider.PostAsync(hosted.Address, large, FakePaymentProvider.Sign(large, DateTimeOffset.UtcNow))).StatusCode);

        using var guest = payments.Service.Client();
        Assert.Equal(HttpStatusCode.NotFound, (await guest.PostAsync("/api/payments/webhooks/other", JsonContent.Create(new { id = "1" }))).StatusCode);

        await using var withTestProvider = await PaymentsUnderTest.StartAsync(payments.Service.ConnectionString);
        Assert.Equal(HttpStatusCode.NotFound, (await provider.TellAsync(withTestProvider.Service.HttpAddress, "charge.succeeded", Guid.NewGuid())).StatusCode);
    }

    [Fact]
    public async Task An_event_about_no_payment_of_ours_is_kept_for_employees_and_forgotten_after_its_time()
    {
        var unknown = Guid.CreateVersion7();
        await hosted.TellAsync("charge.succeeded", unknown);

        using var employee = payments.Service.Client(TestTokens.Shared.Employee());
        var kept = (await employee.GetFromJsonAsync<JsonElement>("/api/payments/provider-events?unknown=true&limit=100")).GetProperty("events").EnumerateArray();
        Assert.False(Assert.Single(kept, happened => happened.GetProperty("transactionId").GetGuid() == unknown).GetProperty("isKnown").GetBoolean());
        using var guest = payments.Service.Client();
        Assert.Equal(HttpStatusCode.Unauthorized, (await guest.GetAsync("/api/payments/provider-events")).StatusCode);

        await payments.CountAsync("with aged as (update provider_events set received_at = now() - interval '31 days' where payment_id = $1 returning 1) select count(*) from aged", unknown);
        var forget = (ForgetProviderEvents)payments.Service.Services.GetService(typeof(ForgetProviderEvents))!;
        await forget.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await hosted.EventsKeptAsync(unknown));
    }

    [Theory]
    [InlineData("declined", "DECLINED")]
    [InlineData("voided", "FAILED")]
    public async Task Money_that_comes_after_all_is_entered_once_and_told_once(string first, string status)
    {
        var paymentId = await hosted.ProcessingAsync(orderId);
        if (first == "voided")
        {
            await payments.VoidAsync(orderId);
        }
        else
        {
            provider.Decide(orderId, first);
            await hosted.TellAsync("charge.declined", paymentId);
        }
        Assert.Equal(status, await payments.OutcomeOfAsync(orderId));
        await hosted.TellAsync("charge.repeated", paymentId);
        await hosted.AtRestAsync(orderId);
        Assert.Equal(status, await payments.StatusOfAsync(orderId));

        provider.Decide(orderId, "succeeded");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => hosted.TellAsync("charge.succeeded", paymentId))));
        await hosted.AtRestAsync(orderId);
        Assert.Equal("CAPTURED", await payments.StatusOfAsync(orderId));
        Assert.Equal(1, await payments.EventsAsync("payments.PaymentProcessed", orderId));
        Assert.Equal(1, await payments.CountAsync(
            "select count(*) from told where routing_key = 'payments.PaymentDecidedLate' and subject = $1 and envelope like '%CAPTURED%'", orderId.ToString()));
    }

    [Fact]
    public async Task A_payment_that_can_no_longer_be_voided_is_told_when_it_is_captured()
    {
        await using var stubborn = new HostedPayments();
        await stubborn.InitializeAsync();
        stubborn.Provider.VoidsProcessing = false;
        var paymentId = await stubborn.ProcessingAsync(orderId);
        Assert.Equal("PENDING", (await stubborn.Payments.VoidAsync(orderId)).GetProperty("status").GetString());

        stubborn.Provider.Decide(orderId, "succeeded");
        await stubborn.TellAsync("charge.succeeded", paymentId);
        Assert.Equal("CAPTURED", await stubborn.Payments.OutcomeOfAsync(orderId));
        Assert.Equal(1, await stubborn.Payments.EventsAsync("payments.PaymentDecidedLate", orderId));
    }

    [Fact]
    public async Task What_an_event_made_due_is_asked_about_also_when_nobody_was_woken()
    {
        var paymentId = await hosted.ProcessingAsync(orderId);
        provider.Decide(orderId, "succeeded");
        await payments.CountAsync("with kept as (update payments set next_attempt_at = now() where order_id = $1 returning 1) select count(*) from kept", orderId);
        Assert.Equal("CAPTURED", await payments.OutcomeOfAsync(orderId));
        await hosted.TellAsync("charge.succeeded", paymentId);
        Assert.Equal(1, await payments.EventsAsync("payments.PaymentProcessed", orderId));
    }

    [Fact]
    public async Task Money_that_somebody_else_has_entered_meanwhile_is_not_entered_again()
    {
        var paymentId = await hosted.ProcessingAsync(orderId);
        await payments.VoidAsync(orderId);
        provider.Decide(orderId, "succeeded");
        await payments.CountAsync(
            "with entered as (update payments set status = 'CAPTURED', look_again_at = now() where payment_id = $1 returning 1) select count(*) from entered", paymentId);
        await hosted.AtRestAsync(orderId);
        Assert.Equal(0, await payments.EventsAsync("payments.PaymentProcessed", orderId));
    }

    [Fact]
    public async Task Of_news_that_comes_while_the_provider_is_silent_it_is_asked_until_it_answers()
    {
        await using var own = new HostedPayments();
        await own.InitializeAsync();
        var paymentId = await own.ProcessingAsync(orderId);
        await own.Payments.VoidAsync(orderId);
        own.Provider.Decide(orderId, "succeeded");
        own.Provider.IsDown = true;
        await own.TellAsync("charge.succeeded", paymentId);
        await Task.Delay(300);
        Assert.Equal("FAILED", await own.Payments.StatusOfAsync(orderId));

        own.Provider.IsDown = false;
        await own.AtRestAsync(orderId);
        Assert.Equal("CAPTURED", await own.Payments.StatusOfAsync(orderId));
    }

    [Fact]
    public async Task Whoever_asked_about_older_news_does_not_forget_the_newer_that_somebody_else_is_asking_about()
    {
        await hosted.ProcessingAsync(orderId);
        await payments.VoidAsync(orderId);
        var services = payments.Service.Services;
        var mine = await Payment.FindAsync(services.GetRequiredService<ServiceDatabase>().Source, orderId, CancellationToken.None);
        const string Taken = "with taken as (update payments set look_again_at = now() + interval '1 hour', attempts = attempts + {0} where order_id = $1 returning 1) select count(*) from taken";
        const string Waiting = "select count(*) from payments where order_id = $1 and look_again_at is not null";

        await payments.CountAsync(string.Format(CultureInfo.InvariantCulture, Taken, 1), orderId);
        await services.GetRequiredService<LookAgain>().AttemptAsync(mine!);
        Assert.Equal(1, await payments.CountAsync(Waiting, orderId));

        await services.GetRequiredService<LookAgain>().AttemptAsync(mine! with { Attempts = mine.Attempts + 1 });
        Assert.Equal(0, await payments.CountAsync(Waiting, orderId));
    }

    [Fact]
    public async Task The_document_tells_the_provider_what_to_send()
    {
        using var guest = payments.Service.Client();
        var document = await guest.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        var webhook = document.GetProperty("paths").GetProperty("/api/payments/webhooks/{provider}").GetProperty("post");
        Assert.Contains(webhook.GetProperty("parameters").EnumerateArray(), parameter => parameter.GetProperty("name").GetString() == "Webhook-Signature");
        Assert.True(webhook.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out _));
        Assert.Superset(new HashSet<string> { "200", "400", "404", "413" }, webhook.GetProperty("responses").EnumerateObject().Select(response => response.Name).ToHashSet());
    }
}
