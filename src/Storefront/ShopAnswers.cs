namespace Rosa.Storefront;

// What the shop's API answers and takes, as far as this front needs it.

public sealed record Rating(decimal Average, int Count);

public sealed record ProductCardData(Guid ProductId, string Title, decimal Price, decimal? DiscountedPrice, string? ImageUrl, string Category, int Stock, Rating Rating)
{
    public string Path => Slug.PathOf(ProductId, Title);
}

public sealed record CategoryFacet(string Slug, string Title, int Count);

public sealed record PriceFacet(decimal From, decimal? To, int Count);

public sealed record StockFacet(int Count);

public sealed record ProductFacets(IReadOnlyList<CategoryFacet> Categories, IReadOnlyList<PriceFacet> Prices, StockFacet InStock);

public sealed record ProductPage(IReadOnlyList<ProductCardData> Products, int Total, int Page, int Limit, string? SearchedFor, ProductFacets? Facets);

public sealed record ProductImage(string Url);

public sealed record ProductRating(int Stars, string? Comment, DateTimeOffset RatedAt);

public sealed record ProductDetail(
    Guid ProductId, string Title, string Description, string? Sku, decimal Price, decimal? DiscountedPrice, string? ImageUrl, string Category, int Stock, Rating Rating,
    IReadOnlyList<ProductImage> Images, IReadOnlyList<ProductRating> Ratings)
{
    public string Path => Slug.PathOf(ProductId, Title);

    public decimal SellingPrice => DiscountedPrice ?? Price;

    public ProductCardData ToCard() => new(ProductId, Title, Price, DiscountedPrice, ImageUrl, Category, Stock, Rating);
}

public sealed record RateWish(int Stars, string? Comment);

public sealed record RatedProduct(Guid ProductId, int Stars);

public sealed record Category(string Slug, string Title, int Products, IReadOnlyList<Category> Children);

public sealed record CategoryTree(IReadOnlyList<Category> Categories);

public sealed record Recommendation(Guid ProductId, string Title, string Reason);

public sealed record RecommendationList(IReadOnlyList<Recommendation> Recommendations);

public sealed record HomeAnswer(
    IReadOnlyList<Category>? Categories, IReadOnlyList<ProductCardData>? Newest, IReadOnlyList<ProductCardData>? BestRated, IReadOnlyList<Recommendation>? Recommendations, CartAnswer? Cart);

public sealed record CartItem(Guid ProductId, string Title, decimal Price, int Quantity, decimal LineTotal, int Available)
{
    public string Path => Slug.PathOf(ProductId, Title);

    public bool IsShort => Available < Quantity;
}

public sealed record CartAnswer(IReadOnlyList<CartItem> Items, decimal TotalAmount);

public sealed record QuantityWish(int Quantity);

/// <summary>What a script is told that put something into the cart.</summary>
public sealed record AddedToCart(int Count, string Message, string Label);

public sealed record StockWish(IReadOnlyList<OrderLine> Items);

public sealed record StockItem(Guid ProductId, int Available);

public sealed record StockAnswer(IReadOnlyList<StockItem> Items);

public sealed record OrderLine(Guid ProductId, int Quantity);

public sealed record Address(string Name, string Line1, string? Line2, string PostalCode, string City, string Country);

public sealed record Payment(string Method, string CardToken);

public sealed record OrderWish(IReadOnlyList<OrderLine> Items, string? PromoCode, Address ShippingAddress, Payment Payment);

public sealed record PlacedOrder(Guid OrderId, string Status, decimal TotalAmount, decimal Discount, decimal FinalAmount);

public sealed record ShortItem(Guid ProductId, int Requested, int Available);

public sealed record OrderedItem(Guid ProductId, string Title, decimal Price, int Quantity, decimal LineTotal);

public sealed record Shipping(Address Address, string? Carrier, string? TrackingNumber);

public sealed record HistoryEntry(string Status, DateTimeOffset At);

public sealed record OrderState(
    Guid OrderId, string Status, IReadOnlyList<OrderedItem> Items, decimal TotalAmount, decimal Discount, decimal FinalAmount, string? PromoCode, string PaymentStatus,
    Shipping Shipping, IReadOnlyList<HistoryEntry> History, DateTimeOffset PlacedAt);

public sealed record OrderedProduct(Guid ProductId, string Title, string? ImageUrl);

public sealed record OrderDetails(
    Guid OrderId, string Status, IReadOnlyList<OrderedItem> Items, decimal TotalAmount, decimal Discount, decimal FinalAmount, string? PromoCode, string PaymentStatus,
    Shipping Shipping, IReadOnlyList<HistoryEntry> History, DateTimeOffset PlacedAt, string? CancelReason, IReadOnlyList<OrderedProduct>? Products)
{
    /// <summary>Whether something is about to happen by itself, within seconds.</summary>
    public bool IsUnderWay => Status is "PENDING" or "PAYMENT_PROCESSING";

    public bool CanBeCancelled => Status is "PENDING" or "PAYMENT_PROCESSING" or "CONFIRMED" or "PROCESSING";

    public bool HasInvoice => PaymentStatus is "PAID" or "REFUNDED";
}

public sealed record OrderPage(IReadOnlyList<OrderState> Orders, long Total, int Page, int Limit);

public sealed record CancelWish(string Reason);

public sealed record CancelledOrder(Guid OrderId, string Status, decimal RefundAmount);

public sealed record PromoItem(Guid ProductId, string? Category, decimal Price, int Quantity);

public sealed record PromoWish(string PromoCode, decimal CartTotal, IReadOnlyList<PromoItem> Items);

public sealed record PromoAnswer(bool IsValid, string? Reason, decimal? DiscountAmount, decimal? FinalTotal);

public sealed record LoginWish(string Email, string Password);

public sealed record RegisterWish(string Email, string Password, string FirstName, string LastName);

public sealed record RefreshTokenWish(string RefreshToken);

public sealed record SessionAnswer(Guid UserId, string Token, string RefreshToken, int ExpiresIn);

public sealed record Preferences(string? AnimalType, bool NotificationsEnabled);

public sealed record Profile(
    Guid UserId, string Email, bool EmailVerified, string FirstName, string LastName, string? Phone, string Language, string Role, Preferences Preferences, DateTimeOffset CreatedAt);

public sealed record ProfileWish(string FirstName, string LastName, string Phone, string Language, Preferences Preferences);

public sealed record PasswordWish(string CurrentPassword, string NewPassword);

public sealed record TokenWish(string Token);

public sealed record EmailWish(string Email);

public sealed record ResetWish(string Token, string NewPassword);

public sealed record Notification(Guid NotificationId, string Subject, string? Text, Guid? OrderId, DateTimeOffset? SentAt, DateTimeOffset? ReadAt);

public sealed record NotificationPage(IReadOnlyList<Notification> Notifications, long Total, int Page, int Limit);
