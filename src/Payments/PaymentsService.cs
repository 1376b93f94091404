using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Rosa.Payments.Provider;
using Rosa.Platform.Idempotency;
using Rosa.Platform.Identity;
using Rosa.Platform.Timeline;

namespace Rosa.Payments;

/// <summary>Charges, refunds and voids, each at most once.</summary>
public static class PaymentsService
{
    public static void AddPayments(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidation();
        services.AddOptions<PaymentsOptions>().BindConfiguration("Payments").ValidateDataAnnotations()
            .Validate(options => options.Provider != PaymentsOptions.HostedProvider || options.Hosted.IsComplete,
                "Payments:Hosted wants a BaseUrl (https, or http on this machine), an ApiKey, and a WebhookSecret of at least 16 characters.")
            .ValidateOnStart();
        if (builder.Configuration["Payments:Provider"] == PaymentsOptions.HostedProvider) services.AddSingleton<IPaymentProvider, HostedProvider>();
        else services.AddSingleton<IPaymentProvider, TestProvider>();
        services.AddSingleton<ChargePayment>();
        services.AddHostedService(provider => provider.GetRequiredService<ChargePayment>());
        services.AddSingleton<MakeRefund>();
        services.AddSingleton<LookAgain>();
        services.AddSingleton<ResolveUnknownOutcomes>();
        services.AddHostedService(provider => provider.GetRequiredService<ResolveUnknownOutcomes>());
        services.AddSingleton<ForgetProviderEvents>();
        services.AddHostedService(provider => provider.GetRequiredService<ForgetProviderEvents>());
    }

    public static void MapPayments(WebApplication app)
    {
        var payments = app.MapGroup("/api/payments").WithTags("Payments");

        payments.MapPost("", TakePaymentEndpoint.Handle).For(Access.Service).TakesIdempotencyKey()
            .WithName("TakePayment")
            .WithSummary("Takes the money for an order, once")
            .WithDescription("201 captured; 202 the provider has not answered yet, send the same again; 422 PAYMENT_DECLINED; 409 PAYMENT_VOIDED; 502 PROVIDER_ERROR, nothing was taken.")
            .ProducesProblem(400).ProducesProblem(409).ProducesProblem(422).ProducesProblem(502);

        payments.MapGet("", ListPaymentsEndpoint.Handle).For(Access.ServiceOrEmployee)
            .WithName("ListPayments")
            .WithSummary("The payments, newest first")
            .ProducesProblem(400);

        payments.MapPost("/{transactionId:guid}/refunds", RefundPaymentEndpoint.Handle).For(Access.Service).TakesIdempotencyKey(required: true)
            .WithName("RefundPayment")
            .WithSummary("Gives back all or a part of a payment; wants an Idempotency-Key")
            .WithDescription("201 refunded; 202 recorded, and made as soon as the provider answers; 422 REFUND_EXCEEDS_PAYMENT; 409 PAYMENT_NOT_CAPTURED.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);

        payments.MapPost("/webhooks/{provider}", ReceiveProviderEvent.Handle).For(Access.Anyone).TakesWebhookSignature()
            .WithMetadata(new RequestSizeLimitAttribute(ReceiveProviderEvent.LargestBody))
            .Accepts<ProviderEvent>("application/json")
            .WithName("ReceiveProviderEvent")
            .WithSummary("The provider tells that there is news of a payment")
            .WithDescription(
                "Signed by the provider; no token. An event is a hint: the payment is asked about at the provider, and only that answer counts. 200 also for an event that was sent before, " +
                "or is about no payment of ours; 400 WEBHOOK_SIGNATURE_INVALID or WEBHOOK_UNREADABLE; 404 when the shop has no such provider; 413 over 64 KB.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(413).ProducesProblem(415).ProducesProblem(503);

        payments.MapGet("/provider-events", ListProviderEvents.Handle).For(Access.ServiceOrEmployee)
            .WithName("ListProviderEvents")
            .WithSummary("What the provider told by webhook, newest first; unknown=true: only what is about no payment of ours")
            .ProducesProblem(400);

        app.MapPost("/internal/payments/{orderId:guid}/void", VoidPaymentEndpoint.Handle).For(Access.Service)
            .WithTags("Payments")
            .WithName("VoidPayment")
            .WithSummary("Makes sure that an order which is not paid never will be");

        app.MapOrderTimeline(
            """
            select created_at as at, 'money' as kind, amount || ' ' || currency || ' by ' || method || ' is asked for.' as what, null as trace_id from payments where order_id = $1 and status <> 'VOIDED'
            union all
            select settled_at, 'money',
                   case when status = 'VOIDED' then 'No payment may follow any more.'
                        else 'The payment is ' || lower(case status when 'REFUNDED' then 'CAPTURED' else status end) || coalesce(' (' || reason || ')', '') || case when attempts > 1 then ', after ' || attempts || ' attempts.' else '.' end end, null
            from payments where order_id = $1
            union all
            select r.created_at, 'money', r.amount || ' is to be given back: ' || r.reason, null from refunds r join payments p using (payment_id) where p.order_id = $1
            union all
            select r.settled_at, 'money', r.amount || case r.status when 'REFUNDED' then ' is given back' else ' could not be given back' end || case when r.attempts > 1 then ', after ' || r.attempts || ' attempts.' else '.' end, null
            from refunds r join payments p using (payment_id) where p.order_id = $1
            """);
        app.MapPost("/internal/reconciliation", ReconcilePayments.Handle).For(Access.Service).ExcludeFromDescription();
        app.MapPost(PersonalData.Route, GetPersonalData.Handle).For(Access.Service).ExcludeFromDescription();
    }

    static TBuilder TakesWebhookSignature<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = WebhookSignature.Header,
                In = ParameterLocation.Header,
                Required = true,
                Description = "t=<unix seconds>,v1=<hex HMAC-SHA256 of \"t.body\">, at most five minutes old; several v1 while the secret is being changed.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 1_000 },
            });
            return Task.CompletedTask;
        });
}
