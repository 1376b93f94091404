using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;
using Rosa.Contracts.Payments;
using Rosa.Contracts.Users;
using Rosa.Platform.Audit;
using Rosa.Platform.Idempotency;
using Rosa.Platform.Identity;
using Rosa.Platform.Messaging;
using Rosa.Platform.OpenApi;

namespace Rosa.Orders;

/// <summary>Carts, the checkout saga, and the life of an order.</summary>
public static class OrdersService
{
    public static void AddOrders(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<OrdersOptions>().Bind(builder.Configuration.GetSection("Orders"))
            .Validate(options => options.Lease > TimeSpan.Zero && options.AnswerWithin > TimeSpan.Zero, "Orders:Lease and Orders:AnswerWithin are longer than nothing.")
            .Validate(options => options.PaymentWindow > TimeSpan.Zero && options.ReservationTime > options.PaymentWindow, "Orders:PaymentWindow is longer than nothing, and Orders:ReservationTime longer than that.")
            .Validate(options => options.ReconcileEvery > TimeSpan.Zero && options.ReconcileAfter >= TimeSpan.Zero, "Orders:ReconcileEvery is longer than nothing, Orders:ReconcileAfter not negative.")
            .ValidateOnStart();
        services.AddValidation();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, OrdersJson.Default));
        services.AddSingleton<OrdersDb>();
        services.AddSingleton<ICheckoutStore>(provider => provider.GetRequiredService<OrdersDb>());
        services.AddSingleton<CheckoutCalls>();
        services.AddSingleton<ICheckoutServices>(provider => provider.GetRequiredService<CheckoutCalls>());
        services.AddSingleton<CheckoutRunner>();
        services.AddSingleton<PlaceOrder>();
        services.AddSingleton<CancelOrder>();
        services.AddSingleton<CartLines>();
        services.AddSingleton<Cart>();
        services.AddSingleton<CheckoutWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<CheckoutWorker>());
        services.AddEventHandler<UserDeleted, ForgetUserWhenDeleted>();
        services.AddEventHandler<PaymentDecidedLate, ContinueWhenPaymentDecidedLate>();
        services.AddHostedService<ForgetWhatIsOver>();
        services.AddSingleton<IssueInvoices>();
        services.AddHostedService(provider => provider.GetRequiredService<IssueInvoices>());
        services.AddSingleton<ReconciliationBooks>();
        services.AddSingleton<ReconcileOrders>();
        services.AddHostedService(provider => provider.GetRequiredService<ReconcileOrders>());
    }

    public static void MapOrders(WebApplication app)
    {
        var carts = app.MapGroup("/api/cart").WithTags("Cart").For(Access.Anyone).NotAudited().ProducesProblem(400).ProducesProblem(503);
        carts.MapGet("", Cart.Get).WithName("GetCart").WithSummary("The caller's cart at present prices: by token, or by cookie for a guest");
        carts.MapPut("", Cart.Put).WithName("PutCart").WithSummary("Replaces the cart");
        carts.MapPut("/items/{productId:guid}", Cart.PutItem).WithName("PutCartItem").WithSummary("Puts a product into the cart, or changes its quantity").ProducesProblem(404).WithExample(new PutCartItemRequest(2), OrdersExamples.Cart);
        carts.MapDelete("/items/{productId:guid}", Cart.DeleteItem).WithName("DeleteCartItem").WithSummary("Takes a product out of the cart");

        var orders = app.MapGroup("/api/orders").WithTags("Orders").For(Access.SignedIn).ProducesProblem(401);
        orders.MapPost("", PlaceOrder.Handle).TakesIdempotencyKey().WithName("PlaceOrder").WithSummary("Buys: all of it happens, or none")
            .WithDescription("Send an Idempotency-Key: the same key with the same body gives the first answer, however often it is sent.")
            .Produces<PlacedOrder>(201).ProducesProblem(400).ProducesProblem(422).ProducesProblem(503).WithExample(OrdersExamples.Request, OrdersExamples.Placed);
        orders.MapGet("", ListOrders.Handle).WithName("ListOrders").WithSummary("A customer's orders, or all to employees; newest first").Produces<OrderPage>().ProducesProblem(400).ProducesProblem(403);
        orders.MapGet("/summary", SummariseOrders.Handle).For(Access.Employee).WithName("SummariseOrders").WithSummary("Orders by status, sales by day, best sellers: for employees").ProducesProblem(400).ProducesProblem(403);
        orders.MapGet("/{orderId:guid}", GetOrder.Handle).WithName("GetOrder").WithSummary("An order").Produces<OrderDocument>().ProducesProblem(404);
        orders.MapPost("/{orderId:guid}/cancel", CancelOrder.Handle).WithName("CancelOrder").WithSummary("Cancels before shipping and gives the money back").ProducesProblem(404).ProducesProblem(409);
        orders.MapGet("/{orderId:guid}/invoice", GetInvoice.Invoice).WithName("GetInvoice").WithSummary("The invoice: a page to print, or JSON where that is asked for").Produces<Invoice>().Produces<string>(200, "text/html").ProducesProblem(404);
        orders.MapGet("/{orderId:guid}/credit-note", GetInvoice.CreditNote).WithName("GetCreditNote").WithSummary("The credit note of an order that was paid back").Produces<Invoice>().Produces<string>(200, "text/html").ProducesProblem(404);

        var fulfilment = app.MapGroup("/api/orders/{orderId:guid}").WithTags("Fulfilment").For(Access.Employee).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        fulfilment.MapPost("/process", FulfilOrder.Process).WithName("ProcessOrder").WithSummary("Begins to pack a confirmed order").ProducesProblem(409);
        fulfilment.MapPost("/ship", FulfilOrder.Ship).WithName("ShipOrder").WithSummary("Hands the parcel to a carrier").ProducesProblem(409);
        fulfilment.MapPost("/deliver", FulfilOrder.Deliver).WithName("DeliverOrder").WithSummary("The parcel has arrived").ProducesProblem(409);
        fulfilment.MapGet("/timeline", GetTimeline.Handle).WithName("GetOrderTimeline").WithSummary("Explains the order: everything that happened to it in every service, oldest first");
        fulfilment.MapGet("/events", GetOrderEvents.Handle).WithName("GetOrderEvents").WithSummary("Everything that happened to the order");

        var reconciliation = app.MapGroup("/api/orders/reconciliation").WithTags("Reconciliation").For(Access.Employee).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403);
        reconciliation.MapPost("", ReconciliationEndpoints.Run).WithName("Reconcile").WithSummary("Compares orders with stock, promo uses and money now, and mends what may be mended").ProducesProblem(409).ProducesProblem(503);
        reconciliation.MapGet("", ReconciliationEndpoints.List).WithName("ListDisagreements").WithSummary("What did not agree, the latest first");
        app.MapPost(PersonalData.Route, GetPersonalData.Handle).For(Access.Service).ExcludeFromDescription();
    }
}
