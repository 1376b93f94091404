using System.Diagnostics;
using System.Text.Json;
using Rosa.Testing;

namespace Rosa.EndToEnd.Tests;

/// <summary>Orders through the gateway with a provider that says later, by webhook through the gateway, whether it has the money.</summary>
public sealed class LatePaymentTests
{
    static Task<RunningShop> StartAsync(FakePaymentProvider provider) => RunningShop.StartMortalAsync(
    [
        .. provider.Settings.Select(setting => ("Payments__" + setting.Name.Replace(":", "__", StringComparison.Ordinal), setting.Value)),
        ("Orders__AnswerWithin", "00:00:00.3"),
        ("Payments__AnswerWithin", "00:00:00.3"),
        ("Payments__AskAgainAfter", "00:00:10"),   // long enough that only a webhook can be quicker
    ]);

    /// <summary>An order whose payment is in processing at the provider.</summary>
    static async Task<(Guid OrderId, Guid PaymentId, string Token)> PlaceAsync(RunningShop shop, FakePaymentProvider provider)
    {
        var product = await shop.NewProductAsync(quantity: 3);
        var (_, token) = await shop.NewCustomerAsync();
        var (status, order) = await shop.OrderAsync(token, RunningShop.OrderOf(product, quantity: 2, cardToken: "tok_later"));
        Assert.Equal((201, "PAYMENT_PROCESSING"), (status, order.GetProperty("status").GetString()));
        var orderId = order.GetProperty("orderId").GetGuid();
        for (var wait = Stopwatch.StartNew(); !provider.Knows(orderId); await Task.Delay(20)) Assert.True(wait.Elapsed < TimeSpan.FromSeconds(30), "the provider is never asked");
        return (orderId, provider.ChargeOf(orderId).PaymentId, token);
    }

    static async Task<JsonElement> UntilAsync(RunningShop shop, Guid orderId, string token, string member, string value, string last = "")
    {
        for (var wait = Stopwatch.StartNew(); wait.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(50))
        {
            var (_, order) = await shop.SendAsync(HttpMethod.Get, $"/api/orders/{orderId}", token);
            last = order.GetRawText();
            if (order.GetProperty(member).GetString() == value) return order;
        }
        throw new TimeoutException($"The order does not come to {member} {value}: {last}");
    }

    static Task CancelAsync(RunningShop shop, Guid orderId, string token) => shop.SendAsync(HttpMethod.Post, $"/api/orders/{orderId}/cancel", token, new { reason = "changed my mind" });

    [Fact]
    public async Task An_order_that_waits_for_its_payment_is_confirmed_when_the_webhook_comes()
    {
        await using var provider = await FakePaymentProvider.StartAsync();
        await using var shop = await StartAsync(provider);
        var (orderId, paymentId, token) = await PlaceAsync(shop, provider);

        provider.Decide(orderId, "succeeded");
        Assert.Equal(200, (int)(await provider.TellAsync(shop.Gateway, "charge.succeeded", paymentId)).StatusCode);
        var order = await UntilAsync(shop, orderId, token, "status", "CONFIRMED");
        Assert.Equal("PAID", order.GetProperty("paymentStatus").GetString());

        // Who has not signed moves nothing; employees see what came.
        Assert.Equal(400, (int)(await provider.PostAsync(shop.Gateway, FakePaymentProvider.Event("evt-1", "charge.refunded", paymentId), "t=1,v1=00")).StatusCode);
        var (_, kept) = await shop.SendAsync(HttpMethod.Get, "/api/payments/provider-events", shop.EmployeeToken);
        Assert.Equal(1, kept.GetProperty("total").GetInt32());
        var (_, document) = await shop.SendAsync(HttpMethod.Get, "/openapi/v1.json", null);
        Assert.True(document.GetProperty("paths").TryGetProperty("/api/payments/webhooks/{provider}", out _));
    }

    [Fact]
    public async Task Money_that_comes_for_a_cancelled_order_is_refunded_once()
    {
        await using var provider = await FakePaymentProvider.StartAsync();
        await using var shop = await StartAsync(provider);

        // The provider can no longer stop it, and captures after the order was cancelled.
        provider.VoidsProcessing = false;
        var (orderId, paymentId, token) = await PlaceAsync(shop, provider);
        await CancelAsync(shop, orderId, token);
        provider.Decide(orderId, "succeeded");
        await provider.TellAsync(shop.Gateway, "charge.succeeded", paymentId);
        await UntilAsync(shop, orderId, token, "paymentStatus", "REFUNDED");
        Assert.Equal(20m, Assert.Single(provider.RefundsOf(orderId)).Amount);

        // The provider has voided it, and captures all the same.
        provider.VoidsProcessing = true;
        (orderId, paymentId, token) = await PlaceAsync(shop, provider);
        await CancelAsync(shop, orderId, token);
        await UntilAsync(shop, orderId, token, "paymentStatus", "DECLINED");
        provider.Decide(orderId, "succeeded");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => provider.TellAsync(shop.Gateway, "charge.succeeded", paymentId)));
        var order = await UntilAsync(shop, orderId, token, "paymentStatus", "REFUNDED");
        Assert.Equal("CANCELLED", order.GetProperty("status").GetString());
        Assert.Equal(20m, Assert.Single(provider.RefundsOf(orderId)).Amount);

        var (_, timeline) = await shop.SendAsync(HttpMethod.Get, $"/api/orders/{orderId}/timeline", shop.EmployeeToken);
        Assert.Contains("20.00 is given back", timeline.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dying_while_late_money_is_given_back_gives_it_back_once()
    {
        await using var provider = await FakePaymentProvider.StartAsync();
        await using var shop = await StartAsync(provider);
        foreach (var point in (string[])["payments.refund.before", "payments.refund.after", "orders.refund.after"])
        {
            var (orderId, paymentId, token) = await PlaceAsync(shop, provider);
            await CancelAsync(shop, orderId, token);
            await UntilAsync(shop, orderId, token, "paymentStatus", "DECLINED");

            await shop.ArmAsync(point);
            provider.Decide(orderId, "succeeded");
            await provider.TellAsync(shop.Gateway, "charge.succeeded", paymentId);
            await shop.EndedAsync();
            Assert.Contains($"ROSA_CRASH_AT={point}:", shop.LastWords, StringComparison.Ordinal);

            await shop.StartAgainAsync();
            await UntilAsync(shop, orderId, token, "paymentStatus", "REFUNDED");
            Assert.Equal(20m, Assert.Single(provider.RefundsOf(orderId)).Amount);
        }
    }
}
