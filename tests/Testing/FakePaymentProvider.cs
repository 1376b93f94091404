using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Rosa.Testing;

/// <summary>
/// An outside party: a payment provider over HTTP with books of its own, which speaks what src/Payments/Provider/README.md says. <c>tok_later</c> is
/// processing until the test decides; <c>tok_declined</c> is declined; any other token succeeds.
/// </summary>
public sealed class FakePaymentProvider : IAsyncDisposable
{
    public const string ApiKey = "key-of-the-test-shop", WebhookSecret = "webhook-secret-of-the-test-shop";

    public sealed record Charge(Guid PaymentId, string Reference, decimal Amount, string Status);
    public sealed record Refund(Guid RefundId, Guid PaymentId, decimal Amount);

    readonly WebApplication app;
    readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false });
    readonly ConcurrentDictionary<Guid, Charge> charges = new();
    readonly ConcurrentDictionary<Guid, Refund> refunds = new();
    readonly Lock books = new();

    FakePaymentProvider(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Answers 503 to everything.</summary>
    public bool IsDown { get; set; }

    /// <summary>Whether a charge in processing can still be voided.</summary>
    public bool VoidsProcessing { get; set; } = true;

    /// <summary>How often it was asked what became of a charge.</summary>
    public int Asked => asked;

    int asked;

    public static async Task<FakePaymentProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new FakePaymentProvider(app);
        app.Use(provider.CheckAsync);
        app.MapPost("/v1/charges", provider.TakeChargeAsync);
        app.MapGet("/v1/charges/{id:guid}", provider.FindChargeAsync);
        app.MapPost("/v1/charges/{id:guid}/void", provider.VoidAsync);
        app.MapPost("/v1/refunds", provider.TakeRefundAsync);
        app.MapGet("/v1/refunds/{id:guid}", provider.FindRefundAsync);
        await app.StartAsync();
        provider.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return provider;
    }

    /// <summary>What a shop is set to in order to use it, for the section <c>Payments</c>.</summary>
    public (string Name, string Value)[] Settings =>
        [("Provider", "hosted"), ("Hosted:BaseUrl", Address.AbsoluteUri), ("Hosted:ApiKey", ApiKey), ("Hosted:WebhookSecret", WebhookSecret)];

    public Charge ChargeOf(Guid orderId) => charges.Values.Single(charge => charge.Reference == orderId.ToString());

    /// <summary>Whether it was asked for the money of this order.</summary>
    public bool Knows(Guid orderId) => charges.Values.Any(charge => charge.Reference == orderId.ToString());

    public IReadOnlyList<Refund> RefundsOf(Guid orderId)
    {
        var charge = ChargeOf(orderId);
        return [.. refunds.Values.Where(refund => refund.PaymentId == charge.PaymentId)];
    }

    /// <summary>Decides: <c>succeeded</c>, <c>declined</c>; also against what it said before, as providers do.</summary>
    public void Decide(Guid orderId, string status)
    {
        lock (books)
        {
            var charge = ChargeOf(orderId);
            charges[charge.PaymentId] = charge with { Status = status };
        }
    }

    /// <summary>Sends an event about a payment, signed now.</summary>
    public Task<HttpResponseMessage> TellAsync(Uri shop, string type, Guid paymentId, string? eventId = null)
    {
        var body = Event(eventId ?? Guid.NewGuid().ToString(), type, paymentId);
        return PostAsync(shop, body, Sign(body, DateTimeOffset.UtcNow));
    }

    public async Task<HttpResponseMessage> PostAsync(Uri shop, string body, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(shop, "/api/payments/webhooks/hosted")) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (signature is not null) request.Headers.TryAddWithoutValidation("Webhook-Signature", signature);
        return await http.SendAsync(request);
    }

    public static string Event(string eventId, string type, Guid paymentId) => JsonSerializer.Serialize(new { id = eventId, type, data = new { paymentId } });

    public static string Sign(string body, DateTimeOffset at, params string[] secrets)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signatures = (secrets.Length == 0 ? [WebhookSecret] : secrets)
            .Select(secret => "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}"))));
        return $"t={time},{string.Join(',', signatures)}";
    }

    Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var status = IsDown ? HttpStatusCode.ServiceUnavailable : context.Request.Headers.Authorization != "Bearer " + ApiKey ? HttpStatusCode.Unauthorized : HttpStatusCode.OK;
        if (status == HttpStatusCode.OK) return next(context);
        context.Response.StatusCode = (int)status;
        return Task.CompletedTask;
    }

    async Task TakeChargeAsync(HttpContext context)
    {
        var body = (await JsonDocument.ParseAsync(context.Request.Body)).RootElement;
        var status = body.GetProperty("cardToken").GetString() switch { "tok_later" => "processing", "tok_declined" => "declined", _ => "succeeded" };
        var wanted = new Charge(body.GetProperty("paymentId").GetGuid(), body.GetProperty("reference").GetString()!, Amount(body), status);
        if (context.Request.Headers["Idempotency-Key"] != wanted.PaymentId.ToString()) throw new InvalidOperationException("A charge is asked for under its payment's id.");
        Charge charge;
        lock (books) charge = charges.GetOrAdd(wanted.PaymentId, wanted);
        await AnswerAsync(context, charge.Status);
    }

    Task FindChargeAsync(HttpContext context)
    {
        Interlocked.Increment(ref asked);
        return AnswerAsync(context, charges.TryGetValue(Id(context), out var charge) ? charge.Status : null);
    }

    Task VoidAsync(HttpContext context)
    {
        Interlocked.Increment(ref asked);
        lock (books)
        {
            var charge = charges.GetOrAdd(Id(context), id => new Charge(id, "", 0, "voided"));
            if (charge.Status == "processing" && VoidsProcessing) charges[charge.PaymentId] = charge = charge with { Status = "voided" };
            return AnswerAsync(context, charge.Status);
        }
    }

    async Task TakeRefundAsync(HttpContext context)
    {
        var body = (await JsonDocument.ParseAsync(context.Request.Body)).RootElement;
        var wanted = new Refund(body.GetProperty("refundId").GetGuid(), body.GetProperty("paymentId").GetGuid(), Amount(body));
        string status;
        lock (books)
        {
            var charge = charges[wanted.PaymentId];
            var given = refunds.Values.Where(refund => refund.PaymentId == wanted.PaymentId).Sum(refund => refund.Amount);
            var fits = charge.Status == "succeeded" && given + wanted.Amount <= charge.Amount;
            status = refunds.ContainsKey(wanted.RefundId) || (fits && refunds.TryAdd(wanted.RefundId, wanted)) ? "succeeded" : "refused";
        }
        await AnswerAsync(context, status);
    }

    Task FindRefundAsync(HttpContext context) => AnswerAsync(context, refunds.ContainsKey(Id(context)) ? "succeeded" : null);

    static Guid Id(HttpContext context) => Guid.Parse((string)context.Request.RouteValues["id"]!);

    static decimal Amount(JsonElement body) => decimal.Parse(body.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture);

    static Task AnswerAsync(HttpContext context, string? status)
    {
        if (status is null) context.Response.StatusCode = StatusCodes.Status404NotFound;
        return status is null ? Task.CompletedTask : context.Response.WriteAsJsonAsync(new { status });
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
