using System.Text.Json.Serialization;
using Rosa.Web;

namespace Rosa.Storefront;

public sealed record Rating(decimal Average, int Count);

public sealed record ProductCardData(Guid ProductId, string Title, decimal Price, decimal? DiscountedPrice, string? ImageUrl, string Category, int Stock, Rating Rating)
{
    public string Path => Slug.PathOf(ProductId, Title);
}

public sealed record Category(string Slug, string Title, int Products, IReadOnlyList<Category> Children);

public sealed record Recommendation(Guid ProductId, string Title, string Reason);

public sealed record HomeAnswer(
    IReadOnlyList<Category>? Categories, IReadOnlyList<ProductCardData>? Newest, IReadOnlyList<ProductCardData>? BestRated, IReadOnlyList<Recommendation>? Recommendations, CartAnswer? Cart);

public sealed record CartItem(Guid ProductId, string Title, decimal Price, int Quantity, decimal LineTotal, int Available);

public sealed record CartAnswer(IReadOnlyList<CartItem> Items, decimal TotalAmount);

/// <summary>What the storefront asks of the shop: reading, carts, orders and the customer's own account. Nothing here can write the catalog.</summary>
public sealed class ShopApi(GatewayClient gateway, Visit visit)
{
    public async Task<Answer<HomeAnswer>> HomeAsync()
    {
        var answer = await gateway.GetAsync("/api/home", ShopJson.Default.HomeAnswer);
        if (answer.Value?.Cart is { } cart) Remember(cart);
        return answer;
    }

    /// <summary>The header shows how much lies in the cart without asking for it on every page.</summary>
    void Remember(CartAnswer cart)
    {
        var count = cart.Items.Sum(item => item.Quantity);
        if (visit.Session.CartCount != count) visit.Change(session => session with { CartCount = count });
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HomeAnswer))]
sealed partial class ShopJson : JsonSerializerContext;
