using System.Text.Json;

namespace Rosa.Backoffice;

// What the shop answers, as far as the back office shows it.

public sealed record SessionAnswer(Guid UserId, string Token, string RefreshToken, int ExpiresIn);

public sealed record Preferences(string? AnimalType, bool NotificationsEnabled);

public sealed record Profile(
    Guid UserId, string Email, bool EmailVerified, string FirstName, string LastName, string? Phone, string? Language, string Role, Preferences? Preferences, DateTimeOffset CreatedAt)
{
    public string Name => $"{FirstName} {LastName}".Trim();
}

public sealed record Person(Guid UserId, string DisplayName, string? Role);

public sealed record PeoplePage(IReadOnlyList<Person> Users, long Total, int Page, int Limit);

public sealed record Rating(decimal Average, int Count);

public sealed record ProductRow(Guid ProductId, string Title, decimal Price, decimal? DiscountedPrice, string? ImageUrl, string Category, int Stock, Rating Rating);

public sealed record ProductPage(IReadOnlyList<ProductRow> Products, int Total, int Page, int Limit, string? SearchedFor);

public sealed record ProductTexts(string Title, string Description);

public sealed record Translations(ProductTexts? En);

public sealed record ProductImage(Guid? ImageId, string Url);

public sealed record ProductSheet(
    Guid ProductId, string Title, string Description, string? Sku, decimal Price, string Category, string? ImageUrl, Translations? Translations,
    IReadOnlyList<ProductImage> Images, int Available, int Reserved, int? LowAt, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt, DateTimeOffset? WithdrawnAt)
{
    /// <summary>The picture that lies elsewhere, which is all that PUT takes; stored ones follow by themselves.</summary>
    public string? ForeignImage => ImageUrl is null || ImageUrl.StartsWith("/api/images/", StringComparison.Ordinal) ? null : ImageUrl;
}

public sealed record CreatedProduct(Guid ProductId, string Title);

public sealed record AddedImage(Guid ImageId, string Url);

public sealed record LowProduct(Guid ProductId, string Title, string? Sku, string? ImageUrl, int Available, int Reserved, int LowAt);

public sealed record LowStockPage(IReadOnlyList<LowProduct> Products, int Total, int Page, int Limit);

public sealed record StockAnswer(Guid ProductId, int NewQuantity);

public sealed record StockChange(DateTimeOffset At, Guid? By, int Change, int NewQuantity, string Reason, Guid? OrderId);

public sealed record StockHistory(IReadOnlyList<StockChange> Changes, int Total, int Page, int Limit);

public sealed record ImportedLine(int Line, string Outcome, Guid? ProductId, string? Reason);

public sealed record ImportReport(IReadOnlyList<ImportedLine> Lines, int Created, int Updated, int Unchanged, int Refused, bool Complete, string? Reason);

public sealed record CategoryNode(string Slug, string Title, int Products, IReadOnlyList<CategoryNode> Children);

public sealed record CategoryTree(IReadOnlyList<CategoryNode> Categories)
{
    /// <summary>All of them in the order of the tree, with how deep each lies.</summary>
    public IEnumerable<(CategoryNode Category, int Depth)> Flat() => Flat(Categories, 0);

    static IEnumerable<(CategoryNode, int)> Flat(IEnumerable<CategoryNode> nodes, int depth) =>
        nodes.SelectMany(node => Flat(node.Children, depth + 1).Prepend((node, depth)));
}

public sealed record CategoryTexts(string Title);

public sealed record CategoryTranslations(CategoryTexts? En);

public sealed record Category(string Slug, string Title, string? Parent, CategoryTranslations? Translations, int Position, int Products);

public sealed record Review(Guid ProductId, string Title, Guid UserId, int Stars, string? Comment, DateTimeOffset RatedAt);

public sealed record ReviewPage(IReadOnlyList<Review> Ratings, int Total, int Page, int Limit);

public sealed record OrderLine(Guid ProductId, string Title, decimal Price, int Quantity, decimal LineTotal);

public sealed record Destination(string Name, string Line1, string? Line2, string PostalCode, string City, string Country);

public sealed record Shipping(Destination Address, string? Carrier, string? TrackingNumber);

public sealed record Step(string Status, DateTimeOffset At);

public sealed record Order(
    Guid OrderId, Guid UserId, string Status, IReadOnlyList<OrderLine> Items, decimal TotalAmount, decimal Discount, decimal FinalAmount, string? PromoCode,
    string PaymentStatus, Shipping Shipping, IReadOnlyList<Step> History, DateTimeOffset PlacedAt, string? CancelReason)
{
    public int Units => Items.Sum(item => item.Quantity);
}

public sealed record OrderPage(IReadOnlyList<Order> Orders, long Total, int Page, int Limit);

public sealed record CancelledOrder(Guid OrderId, string Status, decimal RefundAmount);

public sealed record TimelineEntry(DateTimeOffset At, string Service, string Kind, string What, string? TraceId);

public sealed record OrderStory(IReadOnlyList<TimelineEntry> Entries, IReadOnlyList<string> Unavailable);

public sealed record SalesOfDay(DateOnly Day, int Orders, decimal Revenue);

public sealed record BestSeller(Guid ProductId, string Title, long Units, decimal Revenue);

public sealed record OrderSummary(IReadOnlyDictionary<string, long> ByStatus, IReadOnlyList<SalesOfDay> Days, IReadOnlyList<BestSeller> BestSellers);

public sealed record Payment(Guid TransactionId, Guid OrderId, decimal Amount, string Currency, string Status, decimal RefundedAmount);

public sealed record PaymentPage(IReadOnlyList<Payment> Payments, long Total);

public sealed record Promotion(
    string Code, decimal? DiscountPercentage, decimal? DiscountAmount, DateTimeOffset ValidFrom, DateTimeOffset ValidUntil, int UsageCount, int? MaxUses, int? MaxUsesPerUser,
    decimal? MinCartTotal, string? Category, bool Automatic);

public sealed record PromotionPage(IReadOnlyList<Promotion> Promotions, long Total, int Page, int Limit);

public sealed record Message(
    Guid NotificationId, Guid? UserId, string Event, string Channel, string Language, string? Subject, Guid? OrderId, DateTimeOffset? SentAt, string Outcome, int? Attempts, string? Error);

public sealed record MessagePage(IReadOnlyList<Message> Notifications, long Total, int Page, int Limit);

public sealed record Template(
    string Event, string Channel, string Language, string? Subject, string? Text, string? Html, bool IsDefault, DateTimeOffset? ChangedAt, IReadOnlyList<string> Placeholders);

public sealed record TemplatePage(IReadOnlyList<Template> Templates, long Total, int Page, int Limit);

public sealed record TemplatePreview(string? Subject, string? Text, string? Html);

public sealed record Finding(string Code, string Subject, string Detail, bool Mended, DateTimeOffset FirstFoundAt, DateTimeOffset LastFoundAt);

public sealed record ReconciliationRun(DateTimeOffset StartedAt, DateTimeOffset EndedAt, int Orders, int Findings);

public sealed record ReconciliationPage(IReadOnlyList<Finding> Findings, ReconciliationRun? LatestRun, long Total, int Page, int Limit);

public sealed record AuditEntry(
    Guid EntryId, DateTimeOffset At, string Service, Guid EmployeeId, string Role, string Method, string Path, string? Action, string? Body, int? Status, string? CorrelationId);

public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, long Total, int Page, int Limit, IReadOnlyList<string> Unavailable);

public sealed record DeadLetter(Guid EventId, string RoutingKey, string Subject, DateTimeOffset ReceivedAt, DateTimeOffset ParkedAt, int Attempts, string? Error);

public sealed record ServiceState(
    string Service, string Status, IReadOnlyDictionary<string, string>? Missing, IReadOnlyDictionary<string, string>? Dependencies, long Outbox, long Inbox, long Parked,
    IReadOnlyList<DeadLetter>? DeadLetters)
{
    /// <summary>Services that this one cannot reach just now.</summary>
    public IEnumerable<string> OpenBreakers => (Dependencies ?? new Dictionary<string, string>()).Where(breaker => breaker.Value != "Closed").Select(breaker => breaker.Key);

    public bool IsWell => Status == "ready" && !OpenBreakers.Any() && Parked == 0;
}

public sealed record ShopState(IReadOnlyList<ServiceState> Services);

// What the back office sends.

public sealed record LoginWish(string Email, string Password);

public sealed record LogoutWish(string RefreshToken);

public sealed record RoleWish(string Role);

public sealed record ProductContent(string Title, string Description, decimal Price, string Category, string? ImageUrl, Translations? Translations, string? Sku);

public sealed record NewProduct(string Title, string Description, decimal Price, string Category, Translations? Translations, string? Sku, int Quantity);

public sealed record StockWish(int Quantity, string Reason);

public sealed record ThresholdWish(int? LowAt);

public sealed record ImageOrder(IReadOnlyList<Guid> ImageIds);

public sealed record NewCategory(string Slug, string Title, string? Parent, CategoryTranslations? Translations, int Position);

public sealed record CategoryContent(string Title, string? Parent, CategoryTranslations? Translations, int Position);

public sealed record ShipWish(string Carrier, string TrackingNumber);

public sealed record CancelWish(string Reason);

public sealed record PromotionTerms(
    string Code, decimal? DiscountPercentage, decimal? DiscountAmount, DateTimeOffset ValidFrom, DateTimeOffset ValidUntil, int? MaxUses, int? MaxUsesPerUser, decimal? MinCartTotal,
    string? Category, bool Automatic);

public sealed record TemplateContent(string? Subject, string? Text, string? Html);

public sealed record ReconcileWish(DateTimeOffset? Since);
