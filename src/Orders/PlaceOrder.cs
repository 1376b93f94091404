using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Rosa.Contracts.Catalog;
using Rosa.Contracts.Orders;
using Rosa.Platform.Grpc;
using Rosa.Platform.Idempotency;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;
using Rosa.Platform.Resilience;

namespace Rosa.Orders;

/// <summary>What <c>POST /api/orders</c> takes. Prices are the catalog's, never the client's.</summary>
public sealed record PlaceOrderRequest(
    [property: Required, MinLength(1), MaxLength(100), NoneMissing] IReadOnlyList<OrderLineRequest> Items,
    [property: StringLength(40, MinimumLength = 1)] string? PromoCode,
    [property: Required] AddressRequest ShippingAddress,
    [property: Required] PaymentRequest Payment);

public sealed record OrderLineRequest(Guid ProductId, [property: Range(1, 1000)] int Quantity);

/// <param name="Country">ISO 3166 alpha-2.</param>
public sealed record AddressRequest(
    [property: Required, StringLength(120, MinimumLength = 1)] string Name,
    [property: Required, StringLength(200, MinimumLength = 1)] string Line1,
    [property: StringLength(200)] string? Line2,
    [property: Required, StringLength(20, MinimumLength = 1)] string PostalCode,
    [property: Required, StringLength(100, MinimumLength = 1)] string City,
    [property: Required, RegularExpression("^[A-Z]{2}$", ErrorMessage = "The country is an ISO 3166 alpha-2 code such as FR.")] string Country);

/// <param name="Method"><c>card</c>.</param>
/// <param name="CardToken">The payment provider's token. Card numbers never enter Rosa.</param>
public sealed record PaymentRequest(
    [property: Required, RegularExpression("^card$", ErrorMessage = "The method is card.")] string Method,
    [property: Required, StringLength(200, MinimumLength = 1)] string CardToken);

/// <summary>What <c>POST /api/orders</c> answers with 201.</summary>
public sealed record PlacedOrder(Guid OrderId, string Status, decimal TotalAmount, decimal Discount, decimal FinalAmount);

/// <summary>A line of which there is not enough.</summary>
public sealed record ShortItem(Guid ProductId, int Requested, int Available);

/// <summary>Takes an order: the checkout saga, as far as it goes within a few seconds; the worker goes on from there.</summary>
sealed class PlaceOrder(
    OrdersDb db, IdempotencyKeys keys, CheckoutRunner runner, ServiceGrpc grpc, IOptions<OrdersOptions> options, TimeProvider clock)
{
    public static async Task<IResult> Handle(PlaceOrderRequest request, Caller caller, HttpContext context, PlaceOrder use, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request, OrdersJson.Default.PlaceOrderRequest);
        var (key, problem) = IdempotencyKey.Read(context, $"POST /api/orders {caller.UserId}", body);
        if (problem is not null) return problem.ToResult();

        // Once placed it is carried through, whether or not the caller still waits.
        return await use.RunAsync(request, caller.UserId!.Value, key, cancellationToken);
    }

    async Task<IResult> RunAsync(PlaceOrderRequest request, Guid userId, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var (placed, refusal) = await PriceAsync(request, userId, cancellationToken);
            if (placed is not null)
            {
                var run = new CheckoutRun(Guid.CreateVersion7(), request.Payment.CardToken, key?.Scope, key?.Key);
                if (await PlaceAsync(run, placed, key, cancellationToken) is { } order) return PlaceOrderAnswer.For(await runner.RunAsync(run, order, options.Value.AnswerWithin));
            }

            // The key is taken; or its first request may have taken the very stock that is missing now. Either way that one's answer is ours too.
            if (key is not null && await AnsweredBeforeAsync(key, cancellationToken) is { } earlier) return earlier;
            if (refusal is not null) return refusal.ToResult();
        }
        return new Problem(ProblemKind.Unavailable, "UNAVAILABLE", "Requests with this Idempotency-Key keep failing. Try again shortly.", RetryAfterSeconds: 5).ToResult();
    }

    /// <summary>Writes down that the order is wanted, before anything is asked of anybody. Null when the key is taken.</summary>
    async Task<Order?> PlaceAsync(CheckoutRun run, OrderEvent.Placed placed, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        CrashPoint.Here("orders.place.before");
        if (!await db.PlaceAsync(run, placed, now, key, options.Value.Lease, cancellationToken)) return null;
        CrashPoint.Here("orders.place.after");
        return Order.Evolve(new Order(run.OrderId), placed, now);
    }

    /// <summary>The answer of the first request with this key, waited for; null when there was none, or when it gave the key back.</summary>
    async Task<IResult?> AnsweredBeforeAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        var stored = await keys.FindAsync(key, cancellationToken);
        if (stored is { SameBody: true, Status: null }) stored = await keys.WaitAsync(key, atMost: TimeSpan.FromSeconds(30), cancellationToken);
        return stored switch
        {
            null => null,
            { SameBody: false } => IdempotencyKey.Reused.ToResult(),
            { Status: { } status, Body: { } body } => new PlaceOrderAnswer(stored.ResourceId, status, body, UsesTheKeyUp: true),
            _ => new Problem(ProblemKind.Unavailable, "UNAVAILABLE", "The first request with this Idempotency-Key is still under way. Ask again shortly.", RetryAfterSeconds: 5).ToResult(),
        };
    }

    /// <summary>The order at the catalog's prices, or why it cannot be.</summary>
    async Task<(OrderEvent.Placed?, Problem?)> PriceAsync(PlaceOrderRequest request, Guid userId, CancellationToken cancellationToken)
    {
        var lines = new Dictionary<Guid, int>();
        foreach (var line in request.Items) lines[line.ProductId] = lines.GetValueOrDefault(line.ProductId) + line.Quantity;

        var query = new GetProductsRequest();
        query.ProductIds.AddRange(lines.Keys.Select(id => id.ToString()));
        GetProductsResponse answer;
        try
        {
            answer = await grpc.CallAsync("catalog", CatalogGrpc.GetProducts, query, cancellationToken);
        }
        catch (Exception exception) when (exception is BrokenCircuitException or GrpcException { Status: GrpcStatusCode.Unavailable or GrpcStatusCode.DeadlineExceeded })
        {
            return (null, new Problem(ProblemKind.Unavailable, "UNAVAILABLE", "The catalog does not answer. Nothing was ordered; try again shortly.", RetryAfterSeconds: 5));
        }
        var products = answer.Products.ToDictionary(product => Guid.Parse(product.ProductId));

        if (lines.Keys.FirstOrDefault(id => !products.ContainsKey(id)) is var unknown && unknown != Guid.Empty)
            return (null, new Problem(ProblemKind.Refused, "PRODUCT_UNKNOWN", $"There is no product {unknown} for sale."));
        if (lines.Keys.Contains(Guid.Empty)) return (null, Problem.Validation("items", "Every line names a product."));

        var shortItems = lines.Where(line => products[line.Key].Available < line.Value)
            .Select(line => new ShortItem(line.Key, line.Value, products[line.Key].Available)).ToList();
        if (shortItems.Count > 0) return (null, PlaceOrderAnswer.Short(shortItems));

        var items = lines.Select(line =>
        {
            var product = products[line.Key];
            var price = product.SellingPriceCents / 100m;
            return new OrderedItem(line.Key, product.Title, price, line.Value, price * line.Value) { Category = product.Category };
        }).ToList();
        var total = items.Sum(item => item.LineTotal);
        if (total > 9_999_999_999.99m) return (null, Problem.Validation("items", "The order is worth more than can be paid at once."));

        var address = request.ShippingAddress;
        return (new OrderEvent.Placed(userId, items, total, options.Value.Currency, request.PromoCode?.Trim(),
            new ShippingAddress(address.Name, address.Line1, address.Line2, address.PostalCode, address.City, address.Country), request.Payment.Method), null);
    }
}

/// <summary>What the customer is told of an order just placed; kept as it is for a repetition of the request.</summary>
/// <param name="UsesTheKeyUp">False for a refusal before an order existed and for 503: the same key may try again.</param>
sealed record PlaceOrderAnswer(Guid OrderId, int Status, byte[] Body, bool UsesTheKeyUp) : IResult
{
    public static PlaceOrderAnswer For(Order order) => order.EndCode switch
    {
        null or OrderEndCodes.OnRequest => new(order.OrderId, 201, JsonSerializer.SerializeToUtf8Bytes(
            new PlacedOrder(order.OrderId, order.IsOpen ? OrderStatus.PaymentProcessing.OnTheWire() : order.Status.OnTheWire(), order.TotalAmount, order.Discount, order.FinalAmount),
            OrdersJson.Default.PlacedOrder), UsesTheKeyUp: true),
        OrderEndCodes.InsufficientStock => Refused(order, Short(ReadShort(order.EndReason))),
        OrderEndCodes.PromoInvalid => Refused(order, new Problem(ProblemKind.Refused, "PROMO_INVALID", $"The promo code cannot be used: {order.EndReason}.")
        {
            Extensions = new Dictionary<string, object?> { ["reason"] = order.EndReason },
        }),
        OrderEndCodes.PaymentDeclined => Refused(order, new Problem(ProblemKind.Refused, "PAYMENT_DECLINED", "The payment was declined. Nothing was taken; try another card.")),
        _ => Refused(order, new Problem(ProblemKind.Unavailable, order.EndCode, "The order could not be completed and was cancelled. Nothing is owed; try again shortly.", RetryAfterSeconds: 5)),
    };

    public static Problem Short(IReadOnlyList<ShortItem> items) =>
        new(ProblemKind.Refused, "INSUFFICIENT_STOCK", "There is not enough stock for every line.") { Extensions = new Dictionary<string, object?> { ["items"] = items } };

    static IReadOnlyList<ShortItem> ReadShort(string? json) => json is null ? [] : JsonSerializer.Deserialize(json, OrdersJson.Default.ListShortItem)!;

    static PlaceOrderAnswer Refused(Order order, Problem problem)
    {
        var extensions = new Dictionary<string, object?>(problem.Extensions ?? new Dictionary<string, object?>());
        if (order.Status == OrderStatus.Cancelled) extensions["orderId"] = order.OrderId;
        var details = (problem with { Extensions = extensions }).ToDetails();
        details.Type = "about:blank";
        details.Extensions["traceId"] = System.Diagnostics.Activity.Current?.TraceId.ToHexString();
        return new(order.OrderId, (int)problem.Kind, JsonSerializer.SerializeToUtf8Bytes(details, JsonSerializerOptions.Web),
            UsesTheKeyUp: order.Status == OrderStatus.Cancelled && problem.Kind != ProblemKind.Unavailable);
    }

    public Task ExecuteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = Status == 201 ? "application/json; charset=utf-8" : "application/problem+json";
        if (Status == 201) response.Headers.Location = $"/api/orders/{OrderId}";
        if (Status == 503) response.Headers.RetryAfter = "5";
        response.ContentLength = Body.Length;
        return response.Body.WriteAsync(Body).AsTask();
    }
}
