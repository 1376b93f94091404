using System.Text.Json;
using Rosa.Platform.Audit;
using Rosa.Platform.Operations;

namespace Rosa.Gateway;

// The answers that the gateway puts together, as its description shows them; they are written member by member from the services' own.

/// <summary>All members of the order, and these.</summary>
/// <param name="Products">As they are now; one that is not sold any more is missing. Null when the catalog is down.</param>
/// <param name="Payment">Null when there is none, or when Payments is down.</param>
/// <param name="Unavailable">The services that are down.</param>
public sealed record OrderWithParts(
    Guid OrderId, Guid UserId, string Status, decimal TotalAmount, decimal Discount, decimal FinalAmount, string PaymentStatus,
    IReadOnlyList<ProductNow>? Products, JsonElement? Payment, IReadOnlyList<string> Unavailable);

public sealed record ProductNow(Guid ProductId, string Title, decimal Price, string? ImageUrl, int Available);

/// <param name="Categories">As <c>GET /api/categories</c>; each part is null when its service is down.</param>
/// <param name="Cart">Of who has one, as <c>GET /api/cart</c>.</param>
/// <param name="Recommendations">Of who is signed in.</param>
public sealed record HomeParts(
    IReadOnlyList<JsonElement>? Categories, IReadOnlyList<JsonElement>? Newest, IReadOnlyList<JsonElement>? BestRated, JsonElement? Cart, IReadOnlyList<JsonElement>? Recommendations,
    IReadOnlyList<string> Unavailable);

public sealed record OperationsPage(IReadOnlyList<ServiceState> Services);

/// <param name="Unavailable">The services that are down, and whose entries are missing.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, long Total, int Page, int Limit, IReadOnlyList<string> Unavailable);
