using System.Globalization;
using System.Text.Json.Serialization;
using Rosa.Web;

namespace Rosa.Storefront;

/// <summary>What the storefront asks of the shop: reading, carts, orders and the customer's own account. Nothing here can write the catalog.</summary>
public sealed class ShopApi(GatewayClient gateway, Visit visit)
{
    static readonly TimeSpan orderPatience = TimeSpan.FromSeconds(40);

    // ---- Browsing

    public async Task<Answer<HomeAnswer>> HomeAsync()
    {
        var answer = await gateway.GetAsync("/api/home", ShopJson.Default.HomeAnswer);
        if (answer.Value?.Cart is { } cart) Remember(cart);
        return answer;
    }

    public Task<Answer<ProductPage>> ProductsAsync(string query) => gateway.GetAsync($"/api/products{query}", ShopJson.Default.ProductPage);

    public Task<Answer<ProductDetail>> ProductAsync(Guid productId) => gateway.GetAsync($"/api/products/{productId}", ShopJson.Default.ProductDetail);

    public Task<Answer<RecommendationList>> RelatedAsync(Guid productId) => gateway.GetAsync($"/api/products/{productId}/related", ShopJson.Default.RecommendationList);

    public Task<Answer<RatedProduct>> RateAsync(Guid productId, int stars, string? comment) =>
        gateway.SendAsync(HttpMethod.Put, $"/api/products/{productId}/ratings", new RateWish(stars, comment), ShopJson.Default.RateWish, ShopJson.Default.RatedProduct);

    // ---- Cart

    public async Task<Answer<CartAnswer>> CartAsync() => Remembered(await gateway.GetAsync("/api/cart", ShopJson.Default.CartAnswer));

    public async Task<Answer<CartAnswer>> PutInCartAsync(Guid productId, int quantity) =>
        Remembered(await gateway.SendAsync(HttpMethod.Put, $"/api/cart/items/{productId}", new QuantityWish(quantity), ShopJson.Default.QuantityWish, ShopJson.Default.CartAnswer));

    public async Task<Answer<CartAnswer>> TakeFromCartAsync(Guid productId) =>
        Remembered(await gateway.AskAsync(HttpMethod.Delete, $"/api/cart/items/{productId}", content: null, ShopJson.Default.CartAnswer));

    // ---- Orders

    public Task<Answer<PlacedOrder>> PlaceOrderAsync(OrderWish order, string idempotencyKey) =>
        gateway.SendAsync(HttpMethod.Post, "/api/orders", order, ShopJson.Default.OrderWish, ShopJson.Default.PlacedOrder, idempotencyKey, orderPatience);

    public Task<Answer<OrderPage>> OrdersAsync(int page, int limit = 10) =>
        gateway.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/orders?userId={visit.Caller.UserId}&page={page}&limit={limit}"), ShopJson.Default.OrderPage);

    public Task<Answer<OrderDetails>> OrderAsync(Guid orderId) => gateway.GetAsync($"/api/orders/{orderId}/details", ShopJson.Default.OrderDetails);

    public Task<Answer<OrderState>> OrderStateAsync(Guid orderId) => gateway.GetAsync($"/api/orders/{orderId}", ShopJson.Default.OrderState);

    public Task<Answer<CancelledOrder>> CancelOrderAsync(Guid orderId, string reason) =>
        gateway.SendAsync(HttpMethod.Post, $"/api/orders/{orderId}/cancel", new CancelWish(reason), ShopJson.Default.CancelWish, ShopJson.Default.CancelledOrder);

    public Task<HttpResponseMessage> InvoiceAsync(Guid orderId, string document) => gateway.SendAsync(HttpMethod.Get, $"/api/orders/{orderId}/{document}", accept: "text/html");

    public Task<Answer<PromoAnswer>> ValidatePromoAsync(PromoWish wish) =>
        gateway.SendAsync(HttpMethod.Post, "/api/promotions/validate", wish, ShopJson.Default.PromoWish, ShopJson.Default.PromoAnswer);

    // ---- Account

    public Task<Answer<SessionAnswer>> LoginAsync(string email, string password) =>
        gateway.SendAsync(HttpMethod.Post, "/api/users/login", new LoginWish(email, password), ShopJson.Default.LoginWish, ShopJson.Default.SessionAnswer);

    public Task<Answer<SessionAnswer>> RegisterAsync(RegisterWish wish) =>
        gateway.SendAsync(HttpMethod.Post, "/api/users/register", wish, ShopJson.Default.RegisterWish, ShopJson.Default.SessionAnswer);

    public Task<Refusal?> LogoutAsync(string refreshToken) => gateway.DoAsync(HttpMethod.Post, "/api/users/logout", new RefreshTokenWish(refreshToken), ShopJson.Default.RefreshTokenWish);

    public Task<Answer<Profile>> ProfileAsync(Guid userId) => gateway.GetAsync($"/api/users/{userId}", ShopJson.Default.Profile);

    public Task<Answer<Profile>> ChangeProfileAsync(Guid userId, ProfileWish wish) =>
        gateway.SendAsync(HttpMethod.Put, $"/api/users/{userId}", wish, ShopJson.Default.ProfileWish, ShopJson.Default.Profile);

    public Task<Refusal?> ChangePasswordAsync(Guid userId, string current, string chosen) =>
        gateway.DoAsync(HttpMethod.Post, $"/api/users/{userId}/password", new PasswordWish(current, chosen), ShopJson.Default.PasswordWish);

    public Task<Refusal?> DeleteUserAsync(Guid userId) => gateway.DoAsync(HttpMethod.Delete, $"/api/users/{userId}");

    public Task<HttpResponseMessage> ExportAsync(Guid userId) => gateway.SendAsync(HttpMethod.Get, $"/api/users/{userId}/export", within: TimeSpan.FromSeconds(30));

    public Task<Refusal?> AskVerificationAsync(Guid userId) => gateway.DoAsync(HttpMethod.Post, $"/api/users/{userId}/verify-email");

    public Task<Refusal?> VerifyEmailAsync(string token) => gateway.DoAsync(HttpMethod.Post, "/api/users/verify-email", new TokenWish(token), ShopJson.Default.TokenWish);

    public Task<Refusal?> AskResetAsync(string email) => gateway.DoAsync(HttpMethod.Post, "/api/users/password-reset", new EmailWish(email), ShopJson.Default.EmailWish);

    public Task<Refusal?> ResetPasswordAsync(string token, string chosen) =>
        gateway.DoAsync(HttpMethod.Post, "/api/users/password-reset/confirm", new ResetWish(token, chosen), ShopJson.Default.ResetWish);

    public Task<Answer<NotificationPage>> NotificationsAsync(int page) =>
        gateway.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/notifications?page={page}&limit=20"), ShopJson.Default.NotificationPage);

    public Task<Refusal?> ReadNotificationAsync(Guid notificationId) => gateway.DoAsync(HttpMethod.Post, $"/api/notifications/{notificationId}/read");

    // ---- The cart's count

    Answer<CartAnswer> Remembered(Answer<CartAnswer> answer)
    {
        if (answer.Value is { } cart) Remember(cart);
        return answer;
    }

    /// <summary>The header shows how much lies in the cart without asking for it on every page.</summary>
    void Remember(CartAnswer cart)
    {
        var count = cart.Items.Sum(item => item.Quantity);
        if (visit.Session.CartCount != count) visit.Change(session => session with { CartCount = count });
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HomeAnswer))]
[JsonSerializable(typeof(ProductPage))]
[JsonSerializable(typeof(ProductDetail))]
[JsonSerializable(typeof(CategoryTree))]
[JsonSerializable(typeof(RecommendationList))]
[JsonSerializable(typeof(RateWish))]
[JsonSerializable(typeof(RatedProduct))]
[JsonSerializable(typeof(CartAnswer))]
[JsonSerializable(typeof(QuantityWish))]
[JsonSerializable(typeof(StockWish))]
[JsonSerializable(typeof(StockAnswer))]
[JsonSerializable(typeof(OrderWish))]
[JsonSerializable(typeof(PlacedOrder))]
[JsonSerializable(typeof(OrderPage))]
[JsonSerializable(typeof(OrderDetails))]
[JsonSerializable(typeof(OrderState))]
[JsonSerializable(typeof(CancelWish))]
[JsonSerializable(typeof(CancelledOrder))]
[JsonSerializable(typeof(PromoWish))]
[JsonSerializable(typeof(PromoAnswer))]
[JsonSerializable(typeof(LoginWish))]
[JsonSerializable(typeof(SessionAnswer))]
[JsonSerializable(typeof(RegisterWish))]
[JsonSerializable(typeof(RefreshTokenWish))]
[JsonSerializable(typeof(Profile))]
[JsonSerializable(typeof(ProfileWish))]
[JsonSerializable(typeof(PasswordWish))]
[JsonSerializable(typeof(TokenWish))]
[JsonSerializable(typeof(EmailWish))]
[JsonSerializable(typeof(ResetWish))]
[JsonSerializable(typeof(NotificationPage))]
[JsonSerializable(typeof(ShortItem[]))]
[JsonSerializable(typeof(AddedToCart))]
sealed partial class ShopJson : JsonSerializerContext;
