using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;
using Rosa.Platform.Resilience;

namespace Rosa.Orders;

public sealed record CartLine(Guid ProductId, int Quantity);

public sealed record PutCartRequest([property: Required, MaxLength(100)] IReadOnlyList<OrderLineRequest> Items);

public sealed record PutCartItemRequest([property: Range(1, 1000)] int Quantity);

/// <param name="Available">How many there are.</param>
public sealed record CartItem(Guid ProductId, string Title, decimal Price, int Quantity, decimal LineTotal, int Available);

/// <summary>A cart at the catalog's present prices.</summary>
public sealed record CartAnswer(IReadOnlyList<CartItem> Items, decimal TotalAmount);

/// <summary>
/// Carts: of a user by token, of a guest by cookie. When a guest signs in, the first call that carries both makes one cart of the two.
/// </summary>
sealed class Cart(OrdersDb db, ServiceGrpc grpc)
{
    const string Cookie = "rosa_cart";
    const int MostLines = 100;

    public static async Task<Results<Ok<CartAnswer>, ProblemHttpResult>> Get(Caller caller, HttpContext context, Cart cart, CancellationToken cancellationToken)
    {
        var (_, lines) = await cart.OpenAsync(caller, context, change: null, cancellationToken);
        return TypedResults.Ok(await cart.PriceAsync(lines, context, cancellationToken));
    }

    public static async Task<Results<Ok<CartAnswer>, ProblemHttpResult>> Put(PutCartRequest request, Caller caller, HttpContext context, Cart cart, CancellationToken cancellationToken)
    {
        var wanted = request.Items.GroupBy(item => item.ProductId).Select(group => new CartLine(group.Key, Math.Min(1000, group.Sum(item => item.Quantity)))).ToList();
        if (await cart.UnknownAsync(wanted, context, cancellationToken) is { } problem) return problem.ToResult();
        var (_, lines) = await cart.OpenAsync(caller, context, _ => wanted, cancellationToken);
        return TypedResults.Ok(await cart.PriceAsync(lines, context, cancellationToken));
    }

    public static async Task<Results<Ok<CartAnswer>, ProblemHttpResult>> PutItem(
        Guid productId, PutCartItemRequest request, Caller caller, HttpContext context, Cart cart, CancellationToken cancellationToken)
    {
        var line = new CartLine(productId, request.Quantity);
        if (await cart.UnknownAsync([line], context, cancellationToken) is not null) return Problem.NotFound("product").ToResult();
        var (problem, lines) = await cart.OpenAsync(caller, context, lines =>
            [.. lines.Select(known => known.ProductId == productId ? line : known), .. lines.Any(known => known.ProductId == productId) ? Array.Empty<CartLine>() : [line]], cancellationToken);
        return problem is null ? TypedResults.Ok(await cart.PriceAsync(lines, context, cancellationToken)) : problem.ToResult();
    }

    public static async Task<Results<Ok<CartAnswer>, ProblemHttpResult>> DeleteItem(Guid productId, Caller caller, HttpContext context, Cart cart, CancellationToken cancellationToken)
    {
        var (_, lines) = await cart.OpenAsync(caller, context, lines => [.. lines.Where(line => line.ProductId != productId)], cancellationToken);
        return TypedResults.Ok(await cart.PriceAsync(lines, context, cancellationToken));
    }

    /// <summary>The caller's lines, changed if asked to, in one transaction; a guest's cart is merged into the user's on the way.</summary>
    async Task<(Problem?, IReadOnlyList<CartLine>)> OpenAsync(
        Caller caller, HttpContext context, Func<IReadOnlyList<CartLine>, IReadOnlyList<CartLine>>? change, CancellationToken cancellationToken)
    {
        var guest = GuestCartId(context);
        if (change is null && guest is null && caller.UserId is null) return (null, []);
        if (change is null && (guest is null || caller.UserId is null)) return (null, await ReadAsync(caller.UserId, guest, cancellationToken));

        await using var connection = await db.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        IReadOnlyList<CartLine> lines;
        if (caller.UserId is { } userId)
        {
            lines = await LockAsync(connection, "user_id", userId, "insert into carts (cart_id, user_id) values ($2, $1) on conflict (user_id) do update set changed_at = now() returning lines::text", Guid.CreateVersion7(), cancellationToken);
            if (guest is { } left)
            {
                lines = Merge(lines, await TakeAsync(connection, left, cancellationToken));
                context.Response.Cookies.Delete(Cookie);
            }
        }
        else
        {
            var cartId = guest ?? NewGuestCart(context);
            lines = await LockAsync(connection, "cart_id", cartId, "insert into carts (cart_id) values ($1) on conflict (cart_id) do update set changed_at = now() returning lines::text", null, cancellationToken);
        }

        if (change is not null) lines = change(lines);
        if (lines.Count > MostLines) return (Problem.Validation("items", $"A cart holds at most {MostLines} products."), lines);

        var (column, owner) = caller.UserId is { } user ? ("user_id", user) : ("cart_id", GuestCartId(context) ?? NewGuestCart(context));
        await using var write = new NpgsqlCommand($"update carts set lines = $2::jsonb, changed_at = now() where {column} = $1", connection);
        write.Parameters.Add(OrdersDb.Id(owner));
        write.Parameters.Add(OrdersDb.Text(JsonSerializer.Serialize([.. lines], OrdersJson.Default.ListCartLine)));
        await write.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (null, lines);
    }

    async Task<IReadOnlyList<CartLine>> ReadAsync(Guid? userId, Guid? cartId, CancellationToken cancellationToken)
    {
        await using var command = db.Source.CreateCommand(userId is null ? "select lines::text from carts where cart_id = $1 and user_id is null" : "select lines::text from carts where user_id = $1");
        command.Parameters.Add(OrdersDb.Id(userId ?? cartId!.Value));
        return await command.ExecuteScalarAsync(cancellationToken) is string json ? JsonSerializer.Deserialize(json, OrdersJson.Default.ListCartLine)! : [];
    }

    static async Task<IReadOnlyList<CartLine>> LockAsync(NpgsqlConnection connection, string column, Guid owner, string sql, Guid? newId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(OrdersDb.Id(owner));
        if (newId is { } id) command.Parameters.Add(OrdersDb.Id(id));
        return JsonSerializer.Deserialize((string)(await command.ExecuteScalarAsync(cancellationToken))!, OrdersJson.Default.ListCartLine)!;
    }

    static async Task<IReadOnlyList<CartLine>> TakeAsync(NpgsqlConnection connection, Guid guestCart, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("delete from carts where cart_id = $1 and user_id is null returning lines::text", connection);
        command.Parameters.Add(OrdersDb.Id(guestCart));
        return await command.ExecuteScalarAsync(cancellationToken) is string json ? JsonSerializer.Deserialize(json, OrdersJson.Default.ListCartLine)! : [];
    }

    /// <summary>What the guest chose wins for a product in both: it is the later choice.</summary>
    static List<CartLine> Merge(IReadOnlyList<CartLine> users, IReadOnlyList<CartLine> guests) =>
        [.. users.Where(line => guests.All(guest => guest.ProductId != line.ProductId)).Concat(guests).Take(MostLines)];

    async Task<Problem?> UnknownAsync(IReadOnlyList<CartLine> lines, HttpContext context, CancellationToken cancellationToken)
    {
        if (lines.Count == 0) return null;
        var products = await ProductsAsync(lines, context, cancellationToken);
        return lines.FirstOrDefault(line => !products.ContainsKey(line.ProductId)) is { } unknown
            ? Problem.Validation("items", $"There is no product {unknown.ProductId} for sale.")
            : null;
    }

    /// <summary>Withdrawn products stay in the cart's memory and are not shown.</summary>
    async Task<CartAnswer> PriceAsync(IReadOnlyList<CartLine> lines, HttpContext context, CancellationToken cancellationToken)
    {
        if (lines.Count == 0) return new CartAnswer([], 0);
        var products = await ProductsAsync(lines, context, cancellationToken);
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
        var request = new GetProductsRequest { Language = context.Request.Headers.AcceptLanguage.ToString().StartsWith("en", StringComparison.OrdinalIgnoreCase) ? "en" : "fr" };
        request.ProductIds.AddRange(lines.Select(line => line.ProductId.ToString()));
        var answer = await grpc.CallAsync("catalog", CatalogGrpc.GetProducts, request, cancellationToken);
        return answer.Products.ToDictionary(product => Guid.Parse(product.ProductId));
    }

    static Guid? GuestCartId(HttpContext context) =>
        context.Items.TryGetValue(Cookie, out var made) ? (Guid)made! :
        Guid.TryParseExact(context.Request.Cookies[Cookie], "N", out var id) ? id : null;

    static Guid NewGuestCart(HttpContext context)
    {
        var id = new Guid(RandomNumberGenerator.GetBytes(16));
        context.Items[Cookie] = id;
        context.Response.Cookies.Append(Cookie, id.ToString("N"), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            MaxAge = TimeSpan.FromDays(30),
            Path = "/api",
        });
        return id;
    }
}
