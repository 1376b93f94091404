using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Rosa.Contracts.Catalog;
using Rosa.Contracts.Promotions;
using Rosa.Platform.Grpc;
using Rosa.Platform.Resilience;

namespace Rosa.Orders;

/// <summary>What Payments takes at <c>POST /api/payments</c>.</summary>
sealed record ChargeRequest(Guid OrderId, decimal Amount, string Currency, string Method, string CardToken);

/// <summary>What Payments answers there.</summary>
sealed record PaymentAnswer(Guid TransactionId, string Status);

/// <summary>What Payments answers where it refuses.</summary>
/// <param name="Refundable">With <c>REFUND_EXCEEDS_PAYMENT</c>: what may still be given back.</param>
sealed record PaymentRefusal(string? Code, string? Detail, decimal? Refundable = null);

sealed record RefundRequest(decimal Amount, string Reason);

/// <summary>What Payments answers at <c>POST /internal/payments/{orderId}/void</c>.</summary>
sealed record VoidAnswer(Guid? TransactionId, string Status, decimal Amount, decimal RefundedAmount);

/// <summary>Takes the steps of the saga at Catalog and Promotions (gRPC) and at Payments (REST, through the circuit breaker).</summary>
sealed partial class CheckoutCalls(OrdersDb db, ServiceGrpc grpc, ServiceHttp http, IOptions<OrdersOptions> options, ILogger<CheckoutCalls> logger) : ICheckoutServices
{
    const int ChargeAttempts = 3;

    /// <summary>Longer than Payments takes to say that it does not know yet.</summary>
    static readonly TimeSpan chargeTimeout = TimeSpan.FromSeconds(7);
    static readonly TimeSpan quickTimeout = TimeSpan.FromSeconds(3);

    static readonly CheckoutOutcome done = new CheckoutOutcome.Done();
    static readonly CheckoutOutcome pending = new CheckoutOutcome.Pending();

    public async Task<CheckoutOutcome> TakeAsync(CheckoutStep step, Order order, string cardToken)
    {
        try
        {
            return step switch
            {
                CheckoutStep.Reserve => await ReserveAsync(order),
                CheckoutStep.Redeem => await RedeemAsync(order),
                CheckoutStep.Charge => await ChargeAsync(order, cardToken),
                CheckoutStep.CommitStock => await CommitAsync(order),
                CheckoutStep.SettlePayment => await SettleAsync(order),
                CheckoutStep.Refund => await RefundAsync(order),
                CheckoutStep.ReleaseStock => await ReleaseStockAsync(order),
                CheckoutStep.ReleasePromo => await ReleasePromoAsync(order),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (Exception exception) when (exception is GrpcException or BrokenCircuitException or HttpRequestException or TimeoutException)
        {
            Log.StepUnanswered(logger, step, order.OrderId, exception.Message);
            await NoteAsync(step, order, exception.Message);
            return new CheckoutOutcome.Unreachable(ServiceOf(step));
        }
    }

    /// <summary>For whoever asks later why it took so long. What cannot be noted is in the log.</summary>
    async Task NoteAsync(CheckoutStep step, Order order, string trouble)
    {
        try
        {
            await db.NoteTroubleAsync(order.OrderId, step, trouble);
        }
        catch (Npgsql.NpgsqlException exception)
        {
            Log.NotNoted(logger, order.OrderId, exception.Message);
        }
    }

    static string ServiceOf(CheckoutStep step) => step switch
    {
        CheckoutStep.Reserve or CheckoutStep.CommitStock or CheckoutStep.ReleaseStock => "catalog",
        CheckoutStep.Redeem or CheckoutStep.ReleasePromo => "promotions",
        _ => "payments",
    };

    async Task<CheckoutOutcome> ReserveAsync(Order order)
    {
        var request = new ReserveRequest { OrderId = order.OrderId.ToString(), TtlSeconds = (int)options.Value.ReservationTime.TotalSeconds };
        request.Lines.AddRange(order.Items.Select(item => new OrderLine { ProductId = item.ProductId.ToString(), Quantity = item.Quantity }));
        var answer = await grpc.CallAsync("catalog", CatalogGrpc.Reserve, request, CancellationToken.None);
        if (answer.Reserved) return done;
        var missing = answer.Shortages.Select(s => new ShortItem(Guid.Parse(s.ProductId), s.Requested, s.Available)).ToList();
        return new CheckoutOutcome.Short(JsonSerializer.Serialize(missing, OrdersJson.Default.ListShortItem));
    }

    async Task<CheckoutOutcome> RedeemAsync(Order order)
    {
        var request = new RedeemRequest
        {
            OrderId = order.OrderId.ToString(),
            Code = order.PromoCode,
            UserId = order.UserId.ToString(),
            CartTotalCents = Cents(order.TotalAmount),
        };
        request.Lines.AddRange(order.Items.Select(item => new Contracts.Promotions.CartLine
        {
            ProductId = item.ProductId.ToString(),
            Category = item.Category ?? "",
            LineTotalCents = Cents(item.LineTotal),
        }));
        var answer = await grpc.CallAsync("promotions", PromotionsGrpc.Redeem, request, CancellationToken.None);
        return answer.IsValid ? new CheckoutOutcome.Discounted(answer.DiscountCents / 100m) : new CheckoutOutcome.PromoRefused(answer.Reason);
    }

    /// <summary>Charges under the order's own id, so that a repetition finds the same payment.</summary>
    async Task<CheckoutOutcome> ChargeAsync(Order order, string cardToken)
    {
        if (order.FinalAmount == 0) return new CheckoutOutcome.Captured(TransactionId: null);
        var body = new ChargeRequest(order.OrderId, order.FinalAmount, order.Currency, "card", cardToken);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var response = await http.SendAsync(
                    "payments", HttpMethod.Post, "/api/payments", JsonContent.Create(body, OrdersJson.Default.ChargeRequest), chargeTimeout, CancellationToken.None,
                    idempotencyKey: order.OrderId.ToString());
                return await ChargeOutcomeAsync(order, response);
            }
            catch (TimeoutException)
            {
                return pending;
            }
            catch (HttpRequestException) when (attempt < ChargeAttempts)
            {
                await Task.Delay(Random.Shared.Next(50, 150) * attempt);
            }
        }
    }

    /// <summary>An answer that says nothing certain about the money counts as none: the order is cancelled, and Payments is asked what it took.</summary>
    async Task<CheckoutOutcome> ChargeOutcomeAsync(Order order, HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.Accepted) return pending;
        if (response.StatusCode == HttpStatusCode.Created && await response.Content.ReadFromJsonAsync(OrdersJson.Default.PaymentAnswer) is { Status: "CAPTURED" } captured)
            return new CheckoutOutcome.Captured(captured.TransactionId);

        var refusal = response.IsSuccessStatusCode ? null : await ReadRefusalAsync(response);
        switch (refusal?.Code)
        {
            case "PAYMENT_DECLINED": return new CheckoutOutcome.Declined(refusal.Detail ?? "The payment was declined.");
            case not null when response.StatusCode == HttpStatusCode.BadRequest: return new CheckoutOutcome.Declined(refusal.Detail ?? "The payment was refused.");
            case "PROVIDER_ERROR": return new CheckoutOutcome.ProviderFailed(refusal.Detail ?? "The payment provider failed.");
            default:
                Log.ChargeRefused(logger, order.OrderId, (int)response.StatusCode, refusal?.Code);
                return new CheckoutOutcome.Unreachable("payments");
        }
    }

    async Task<CheckoutOutcome> CommitAsync(Order order)
    {
        var answer = await grpc.CallAsync("catalog", CatalogGrpc.Commit, new CommitRequest { OrderId = order.OrderId.ToString() }, CancellationToken.None);
        return answer.Committed ? done : new CheckoutOutcome.NothingToCommit();
    }

    async Task<CheckoutOutcome> SettleAsync(Order order)
    {
        using var response = await http.SendAsync("payments", HttpMethod.Post, $"/internal/payments/{order.OrderId}/void", null, quickTimeout, CancellationToken.None);
        response.EnsureSuccessStatusCode();
        var answer = (await response.Content.ReadFromJsonAsync(OrdersJson.Default.VoidAnswer))!;
        return answer.Status switch
        {
            "CAPTURED" or "REFUNDED" => new CheckoutOutcome.Captured(answer.TransactionId),
            "PENDING" => pending,
            _ => new CheckoutOutcome.Voided(),
        };
    }

    Task<CheckoutOutcome> RefundAsync(Order order) =>
        GiveBackAsync(order.OrderId, order.TransactionId!.Value, order.FinalAmount, order.EndReason ?? "Cancelled", key: $"{order.OrderId}:refund");

    /// <summary>Gives money back once for the key, and no more than there is.</summary>
    public async Task<CheckoutOutcome> GiveBackAsync(Guid orderId, Guid transactionId, decimal amount, string reason, string key)
    {
        using var response = await http.SendAsync(
            "payments", HttpMethod.Post, $"/api/payments/{transactionId}/refunds", JsonContent.Create(new RefundRequest(amount, reason), OrdersJson.Default.RefundRequest),
            quickTimeout, CancellationToken.None, idempotencyKey: key);
        if (response.StatusCode == HttpStatusCode.Accepted) return pending;
        if (response.IsSuccessStatusCode) return new CheckoutOutcome.GivenBack(amount);

        var refusal = await ReadRefusalAsync(response);
        if (refusal is { Code: "REFUND_EXCEEDS_PAYMENT", Refundable: { } left } && left < amount)
        {
            // All of it is on its way back already, by somebody else's key: the reconciliation's, or this one's.
            if (left == 0) return done;

            // Less was taken than the order would have cost: whoever knew of its discount died, and it ended without having heard of it again.
            return await GiveBackAsync(orderId, transactionId, left, reason, key);
        }
        Log.RefundRefused(logger, orderId, (int)response.StatusCode);
        return pending;
    }

    async Task<CheckoutOutcome> ReleaseStockAsync(Order order)
    {
        await grpc.CallAsync("catalog", CatalogGrpc.Release, new ReleaseRequest { OrderId = order.OrderId.ToString() }, CancellationToken.None);
        return done;
    }

    async Task<CheckoutOutcome> ReleasePromoAsync(Order order)
    {
        await grpc.CallAsync("promotions", PromotionsGrpc.Release, new ReleaseRedemptionRequest { OrderId = order.OrderId.ToString() }, CancellationToken.None);
        return done;
    }

    static async Task<PaymentRefusal?> ReadRefusalAsync(HttpResponseMessage response)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(OrdersJson.Default.PaymentRefusal);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static long Cents(decimal amount) => (long)(amount * 100);

    static partial class Log
    {
        [LoggerMessage(100, LogLevel.Warning, "{Step} of order {OrderId} got no answer: {Reason}")]
        public static partial void StepUnanswered(ILogger logger, CheckoutStep step, Guid orderId, string reason);

        [LoggerMessage(103, LogLevel.Warning, "A trouble of order {OrderId} could not be noted: {Reason}")]
        public static partial void NotNoted(ILogger logger, Guid orderId, string reason);

        [LoggerMessage(101, LogLevel.Error, "Payments refused to refund order {OrderId} with {Status}; it is tried again")]
        public static partial void RefundRefused(ILogger logger, Guid orderId, int status);

        [LoggerMessage(102, LogLevel.Error, "Payments answered the charge of order {OrderId} with {Status} {Code}; the order is cancelled, and what was taken is given back")]
        public static partial void ChargeRefused(ILogger logger, Guid orderId, int status, string? code);
    }
}
