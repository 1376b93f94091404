using Microsoft.Extensions.Options;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Gateway;

/// <summary>The single entry: limit, cache, token check, and the way to the service that owns a route.</summary>
public static class GatewayService
{
    public static IReadOnlyList<string> Calls => [.. Routes.All.Select(route => route.Service).Distinct()];

    public static void AddGateway(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<GatewayOptions>().BindConfiguration("Gateway").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<GatewayOptions>>().Value);
        services.AddSingleton(new EarlyMiddleware(app => app.Use(app.Services.GetRequiredService<Entry>().HandleAsync)));
        services.AddSingleton<Entry>();
        services.AddSingleton<Visitors>();
        if (builder.Configuration["Redis:Address"] is { Length: > 0 }) services.AddSingleton<SharedWindows>();
        services.AddSingleton<RateLimit>();
        services.AddSingleton<ResponseCache>();
        services.AddSingleton<Upstream>();
        services.AddSingleton<Forwarder>();
        services.AddSingleton<BadTokens>();
        services.AddSingleton<RequestLog>();
        services.AddSingleton<ApiDocument>();
        services.AddSingleton<Parts>();
        services.AddSingleton<OrderDetails>();
        services.AddSingleton<Home>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<Operations>();
    }

    public static void MapGateway(WebApplication app)
    {
        var forwarder = app.Services.GetRequiredService<Forwarder>();
        var cache = app.Services.GetRequiredService<ResponseCache>();
        foreach (var route in Routes.All)
        {
            RequestDelegate answer = route.Cached ? context => cache.AnswerAsync(context, route) : context => forwarder.ForwardAsync(context, route);
            var endpoint = route.Methods is { } methods ? app.MapMethods(route.Path, methods, answer) : app.Map(route.Path, answer);
            endpoint.For(Access.Anyone).ExcludeFromDescription();   // the service behind it decides who may
        }
        app.MapGet("/api/orders/{orderId:guid}/details", OrderDetails.Handle).For(Access.Anyone).WithTags("Orders").WithName("GetOrderDetails")
            .WithSummary("The order with its products as they are now and its payment; what is down is null and named in `unavailable`").Produces<OrderWithParts>().ProducesProblem(401).ProducesProblem(404).ProducesProblem(503);
        app.MapGet("/api/home", Home.Handle).For(Access.Anyone).WithTags("Home").WithName("GetHome")
            .WithSummary("What the front page needs: categories, newest, best rated, and the caller's own cart and recommendations").Produces<HomeParts>();
        app.MapGet("/api/audit", AuditTrail.Handle).For(Access.Anyone).WithTags("Audit").WithName("ListAudit")
            .WithSummary("What employees asked for in all services, newest first").Produces<AuditPage>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403);
        app.MapGet("/api/operations", Operations.Handle).For(Access.Anyone).WithTags("Operations").WithName("GetOperations")
            .WithSummary("How every service is: readiness, circuit breakers, waiting events, dead letters; for employees").Produces<OperationsPage>().ProducesProblem(401).ProducesProblem(403);
        app.MapPost("/api/operations/{service}/dead-letters/{eventId:guid}/retry", Operations.Retry).For(Access.Anyone).WithTags("Operations").WithName("RetryDeadLetter")
            .WithSummary("Gives an event that could not be handled all its tries once more").Produces(202).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        app.Map("/api/{**rest}", context => ProblemMiddleware.WriteAsync(context, Problem.NotFound("route").ToDetails())).For(Access.Anyone).ExcludeFromDescription();
        app.MapGet("/openapi/v1.json", (ApiDocument document, HttpContext context) => document.WriteAsync(context)).For(Access.Anyone).ExcludeFromDescription();
        app.UseDocsPage();
    }
}
