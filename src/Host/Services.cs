using Rosa.Backoffice;
using Rosa.Catalog;
using Rosa.Gateway;
using Rosa.Notifications;
using Rosa.Orders;
using Rosa.Payments;
using Rosa.Platform.Hosting;
using Rosa.Promotions;
using Rosa.Recommendations;
using Rosa.Storefront;
using Rosa.Users;

namespace Rosa.Host;

/// <summary>The architecture: what there is, where it answers, and whom it calls. Stopped from the last row to the first.</summary>
static class Services
{
    public static readonly IReadOnlyList<Service> All =
    [
        new("users",         Port: 8001, UsersService.AddUsers,                 UsersService.MapUsers,                 Calls: ["orders", "catalog", "promotions", "payments", "notifications", "recommendations"]),
        new("catalog",       Port: 8002, CatalogService.AddCatalog,             CatalogService.MapCatalog,             Calls: ["users", "promotions"], GrpcPort: 8102),
        new("promotions",    Port: 8004, PromotionsService.AddPromotions,       PromotionsService.MapPromotions,       Calls: ["users", "catalog"], GrpcPort: 8104),
        new("payments",      Port: 8007, PaymentsService.AddPayments,           PaymentsService.MapPayments,           Calls: ["users"]),
        new("orders",        Port: 8003, OrdersService.AddOrders,               OrdersService.MapOrders,               Calls: ["users", "catalog", "promotions", "payments"]),
        new("notifications", Port: 8006, NotificationsService.AddNotifications, NotificationsService.MapNotifications, Calls: ["users"]),
        new("recommendations", Port: 8005, RecommendationsService.AddRecommendations, RecommendationsService.MapRecommendations, Calls: ["users", "catalog"]),
        new("gateway",       Port: 8000, GatewayService.AddGateway,             GatewayService.MapGateway,             Calls: ["users", "catalog", "promotions", "payments", "orders", "notifications", "recommendations"]),
        new("storefront",    Port: 8080, StorefrontService.AddStorefront,       StorefrontService.MapStorefront,       Calls: ["users", "gateway"]),
        new("backoffice",    Port: 8081, BackofficeService.AddBackoffice,       BackofficeService.MapBackoffice,       Calls: ["users", "gateway"]),
    ];

    /// <summary>The gateway and the fronts keep nothing of their own; every other service owns a database of its name.</summary>
    public static bool OwnsDatabase(this Service service) => service.Name is not "gateway" && !service.IsFront();

    /// <summary>Those that other services' events are kept for, from the first on.</summary>
    public static bool HearsEvents(this Service service) => service.Name is "catalog" or "orders" or "notifications" or "recommendations";

    /// <summary>The web applications, for people.</summary>
    public static bool IsFront(this Service service) => service.Name is "storefront" or "backoffice";

    public static IReadOnlyList<Service> Named(IReadOnlyList<string>? names)
    {
        if (names is null) return All;
        if (names.FirstOrDefault(name => All.All(service => service.Name != name)) is { } unknown)
        {
            throw new StartProblem($"There is no service {unknown}. There are {string.Join(", ", All.Select(service => service.Name))}.");
        }
        return [.. All.Where(service => names.Contains(service.Name))];
    }
}
