using Rosa.Contracts.Catalog;
using Rosa.Contracts.Orders;
using Rosa.Contracts.Users;
using Rosa.Platform.Identity;
using Rosa.Platform.Messaging;

namespace Rosa.Recommendations;

/// <summary>What else a customer may like: learned from all orders, answered from counts.</summary>
public static class RecommendationsService
{
    public static void AddRecommendations(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RecommendationsOptions>().BindConfiguration("Recommendations").ValidateDataAnnotations().ValidateOnStart();
        services.AddValidation();
        services.AddSingleton<Candidates>();
        services.AddSingleton<ProductsOnSale>();

        services.AddEventHandler<OrderCreated, CountPurchaseWhenOrderCreated>();
        services.AddEventHandler<OrderCancelled, TakePurchaseBackWhenOrderCancelled>();
        services.AddEventHandler<UserUpdated, ChangeAnimalWhenUserUpdated>();
        services.AddEventHandler<UserDeleted, ForgetCustomerWhenUserDeleted>();
        services.AddEventHandler<ProductCreated, KnowProductWhenCatalogTells>();
        services.AddEventHandler<ProductChanged, KnowProductWhenCatalogTells>();
        services.AddEventHandler<ProductWithdrawn, KnowProductWhenCatalogTells>();
    }

    public static void MapRecommendations(WebApplication app)
    {
        var recommendations = app.MapGroup("/api/recommendations").WithTags("Recommendations").ProducesProblem(400).ProducesProblem(401);
        recommendations.MapGet("/{userId:guid}", RecommendProducts.Handle).For(Access.SignedIn)
            .WithName("Recommend").WithSummary("What the caller may like: nothing they bought already, nothing that is sold out").ProducesProblem(404).ProducesProblem(503);
        recommendations.MapPost("/training", LearnPurchases.Handle).For(Access.Employee)
            .WithName("Train").WithSummary("Teach what a customer bought elsewhere; sending it again changes nothing").ProducesProblem(403);

        app.MapGet("/api/products/{productId:guid}/related", ListRelatedProducts.Handle).For(Access.Anyone).WithTags("Recommendations")
            .WithName("ListRelatedProducts").WithSummary("What is bought with a product, then what else stands on its shelf").ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);

        app.MapPost(PersonalData.Route, GetPersonalData.Handle).For(Access.Service).ExcludeFromDescription();
    }
}
