using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;
using Rosa.Platform.Resilience;

namespace Rosa.Orders;

public sealed record PutCartRequest([property: Required, MaxLength(CartLines.Most), NoneMissing] IReadOnlyList<OrderLineRequest> Items);

public sealed record PutCartItemRequest([property: Range(1, 1000)] int Quantity);

/// <param name="Available">How many there are.</param>
public sealed record CartItem(Guid ProductId, string Title, decimal Price, int Quantity, decimal LineTotal, int Available);

/// <summary>A cart at the catalog's present prices.</summary>
public sealed record CartAnswer(IReadOnlyList<CartItem> Items, decimal TotalAmount);

/// <summary>
/// Carts: of a user by token, of a guest by cookie. When a guest signs in, the first call that carries both makes one cart of the two.
/// </summary>
sealed class Cart(CartLines carts, ServiceGrpc grpc)
{
    const string Cookie = "rosa_cart";

    public static async Task<Ok<CartAnswer>> Get(Caller caller, HttpContext context, Cart cart, CancellationToken cancellationToken)
    {
        var owner = await cart.OwnerAsync(caller, context, cancellationToken);
        var lines = owner is { } known ? await cart.Lines.ReadAsync(known, cancellationToken) : [];
        return TypedResults.Ok(await cart.PriceAsync(lines, [], context, cancellationToken));
    }

    public static async Task<Results<Ok<CartAnswer>, ProblemHttpResult>> Put(PutCartRequest request, Caller caller, HttpContext context, Cart cart, CancellationToken cancellationToken)
    {
        var lines = request.Items.GroupBy(item => item.ProductId).Select(group => new CartLine(group.Key, Math.Min(1000, group.Sum(item => item.Quantity)))).ToList();
        var products = await cart.ProductsAsync(lines, context, cancellationToken);
        if (lines.Find(line => !products.ContainsKey(line.ProductId)) is { } unknown)
            return Problem.Validation("items", $"There is no product {unknown.ProductId} for sale.").ToResult();

        await cart.Lines.ReplaceAsync(await cart.OwnerAsync(caller, context, cancellationToken) ?? NewGuest(context), lines, cancellationToken);
        return TypedResults.Ok(Priced(lines, products));
    }

    public static async Task<Results<Ok<CartAnswer>, ProblemHttpResult>> PutItem(
        Guid productId, PutCartItemRequest request, Caller caller, HttpContext context, Cart cart, CancellationToken cancellationToken)
    {
        var line = new CartLine(productId, request.Quantity);
        var products = await cart.ProductsAsync([line], context, cancellationToken);
        if (products.Count == 0) return Problem.NotFound("product").ToResult();

        var lines = await cart.Lines.PutAsync(await cart.OwnerAsync(caller, context, cancellationToken) ?? NewGuest(context), line, cancellationToken);
        if (!lines.Contains(line)) return Problem.Validation("items", $"A cart holds at most {CartLines.Most} products.").ToResult();
        return TypedResults.Ok(await cart.PriceAsync(lines, products, context, cancellationToken));
    }

    public static async Task<Ok<CartAnswer>> DeleteItem(Guid productId, Caller caller, HttpContext context, Cart cart, CancellationToken cancellationToken)
    {
        var owner = await cart.OwnerAsync(caller, context, cancellationToken);
        var lines = owner is { } known ? await cart.Lines.RemoveAsync(known, productId, cancellationToken) : [];
        return TypedResults.Ok(await cart.PriceAsync(lines, [], context, cancellationToken));
    }

    CartLines Lines => carts;

    /// <summary>Whose cart it is; null for a guest who has none. A guest's becomes the user's on the way.</summary>
    async Task<CartOwner?> OwnerAsync(Caller caller, HttpContext context, CancellationToken cancellationToken)
    {
        CartOwner? guest = Guid.TryParseExact(context.Request.Cookies[Cookie], "N", out var id) ? new CartOwner(id, IsGuest: true) : null;
        if (caller.UserId is not { } userId) return guest;

        var user = new CartOwner(userId, IsGuest: false);
        if (guest is { } left)
        {
            await carts.MergeAsync(left, into: user, cancellationToken);
            context.Response.Cookies.Delete(Cookie, new CookieOptions { Path = "/api" });
        }
        return user;
    }

    /// <summary>A guest's cart is found again by a number that nobody can guess.</summary>
    static CartOwner NewGuest(HttpContext context)
    {
        var id = new Guid(RandomNumberGenerator.GetBytes(16));
        context.Response.Cookies.Append(Cookie, id.ToString("N"), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            MaxAge = TimeSpan.FromDays(30),
            Path = "/api",
        });
        return new CartOwner(id, IsGuest: true);
    }

    /// <summary>The lines at present prices; the catalog is asked for the products that are not known yet.</summary>
    async Task<CartAnswer> PriceAsync(IReadOnlyList<CartLine> lines, Dictionary<Guid, Product> known, HttpContext context, CancellationToken cancellationToken)
    {
        var missing = lines.Where(line => !known.ContainsKey(line.ProductId)).ToList();
        if (missing.Count > 0)
            foreach (var (productId, product) in await ProductsAsync(missing, context, cancellationToken)) known[productId] = product;
        return Priced(lines, known);
    }

    /// <summary>Withdrawn products stay in the cart's memory and are not shown.</summary>
    static CartAnswer Priced(IReadOnlyList<CartLine> lines, Dictionary<Guid, Product> products)
    {
        var items = lines.Where(line => products.ContainsKey(line.ProductId)).Select(line =>
        {
            var product = products[line.ProductId];
            var price = product.SellingPriceCents / 100m;
            return new CartItem(line.ProductId, product.Title, price, line.Quantity, price * line.Quantity, product.Available);
        }).ToList();
        return new CartAnswer(items, items.Sum(item => item.LineTotal));
    }

    async Task<Dictionary<Guid, Product>> ProductsAsync(IReadOnlyList<CartLine> lines, HttpContext context, CancellationToken cancellationToken)
    {
        if (lines.Count == 0) return [];
        var request = new GetProductsRequest { Language = context.Request.Headers.AcceptLanguage.ToString().StartsWith("en", StringComparison.OrdinalIgnoreCase) ? "en" : "fr" };
        request.ProductIds.AddRange(lines.Select(line => line.ProductId.ToString()));
        var answer = await grpc.CallAsync("catalog", CatalogGrpc.GetProducts, request, cancellationToken);
        return answer.Products.ToDictionary(product => Guid.Parse(product.ProductId));
    }
}
