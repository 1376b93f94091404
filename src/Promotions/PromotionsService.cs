using Rosa.Contracts.Promotions;
using Rosa.Platform.Audit;
using Rosa.Platform.Discovery;
using Rosa.Platform.Grpc;
using Rosa.Platform.Identity;
using Rosa.Platform.OpenApi;
using Rosa.Platform.Timeline;

namespace Rosa.Promotions;

/// <summary>Promo codes, their rules, and each use counted once.</summary>
public static class PromotionsService
{
    public static void AddPromotions(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidation();
        services.AddSingleton<ValidatePromotion>();
        services.AddSingleton<RedeemPromotion>();
        services.AddSingleton<ReleasePromotion>();
        services.AddSingleton<ListActiveDiscounts>();
        services.AddSingleton<Categories>();
        services.AddSingleton<CategoriesRefresh>();
        if (builder.Configuration.CanFind("catalog")) services.AddHostedService(provider => provider.GetRequiredService<CategoriesRefresh>());
    }

    public static void MapPromotions(WebApplication app)
    {
        MapHttp(app);
        MapGrpc(app, app.Services);
        app.MapOrderTimeline(
            """
            select redeemed_at as at, 'promo' as kind, 'A use of ' || code || ' is counted: ' || discount || ' off.' as what, null as trace_id from redemptions where order_id = $1
            union all
            select released_at, 'promo', coalesce('The use of ' || code || ' no longer counts.', 'A promo use is kept away.'), null from redemptions where order_id = $1
            """);
        app.MapPost("/internal/reconciliation", ReconcilePromotions.Handle).For(Access.Service).ExcludeFromDescription();
    }

    static void MapHttp(IEndpointRouteBuilder app)
    {
        var promotions = app.MapGroup("/api/promotions").WithTags("Promotions").For(Access.Employee);

        promotions.MapPost("/validate", ValidatePromotion.Handle).For(Access.Anyone).NotAudited()
            .WithName("ValidatePromotion")
            .WithSummary("What a code would take off this cart now")
            .ProducesProblem(400)
            .WithExample(new ValidatePromotionRequest("BIENVENUE10", 25.00m, UserId: null, Items: null), new ValidatePromotionAnswer(true, null, 10m, 2.50m, 22.50m));

        promotions.MapGet("/{promoCode}", GetPromotionEndpoint.Handle).For(Access.Anyone)
            .WithName("GetPromotion")
            .WithSummary("One promotion; employees see its limits too")
            .ProducesProblem(404);

        promotions.MapGet("", ListPromotionsEndpoint.Handle)
            .WithName("ListPromotions")
            .WithSummary("All promotions that are not withdrawn, newest first")
            .ProducesProblem(400);

        promotions.MapPost("", CreatePromotionEndpoint.Handle)
            .WithName("CreatePromotion")
            .WithSummary("Creates a promotion")
            .WithDescription("409 CODE_TAKEN when the code exists, or existed and was used.")
            .ProducesProblem(400).ProducesProblem(409);

        promotions.MapPut("/{promoCode}", ChangePromotionEndpoint.Handle)
            .WithName("ChangePromotion")
            .WithSummary("Gives a promotion new terms; its uses stay counted")
            .ProducesProblem(400).ProducesProblem(404);

        promotions.MapDelete("/{promoCode}", WithdrawPromotionEndpoint.Handle)
            .WithName("WithdrawPromotion")
            .WithSummary("Withdraws a promotion; what was redeemed stays")
            .ProducesProblem(404);
        app.MapPost(PersonalData.Route, GetPersonalData.Handle).For(Access.Service).ExcludeFromDescription();
    }

    static void MapGrpc(IEndpointRouteBuilder app, IServiceProvider services)
    {
        app.MapGrpcUnary(PromotionsGrpc.Validate, services.GetRequiredService<ValidatePromotion>().HandleAsync).For(Access.Service);
        app.MapGrpcUnary(PromotionsGrpc.Redeem, services.GetRequiredService<RedeemPromotion>().HandleAsync).For(Access.Service);
        app.MapGrpcUnary(PromotionsGrpc.Release, services.GetRequiredService<ReleasePromotion>().HandleAsync).For(Access.Service);
        app.MapGrpcUnary(PromotionsGrpc.ActiveDiscounts, services.GetRequiredService<ListActiveDiscounts>().HandleAsync).For(Access.Service);
    }
}
