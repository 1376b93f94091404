using System.Globalization;
using System.Text.Json;
using Polly.CircuitBreaker;
using Rosa.Web;

namespace Rosa.Storefront;

/// <summary>
/// <c>GET</c> and <c>POST /checkout</c>: address, promo code, card and sum on one page. The page carries the key of the one order that it can become, and
/// what is bought: pressed twice, gone back to, or sent again after the network was lost, it is the same order.
/// </summary>
static class Checkout
{
    public static async Task<IResult> Show(ShopApi shop, Shelves shelves, Visit visit, StorefrontOptions options)
    {
        var cart = (await shop.CartAsync()).OrThrow();
        if (cart.Items.Count == 0 || cart.Items.Any(item => item.IsShort)) return new SeeOther("/cart");

        var form = new PostedForm { ["key"] = NewKey(), ["items"] = CheckoutItems.Write(cart.Items.Select(item => new OrderLine(item.ProductId, item.Quantity))), ["total"] = Plain(cart.TotalAmount) };
        await FillAddressAsync(form, shop, visit);
        return await PageAsync(form, null, shop, shelves, visit, options);
    }

    public static async Task<IResult> Handle(PostedForm form, ShopApi shop, Shelves shelves, Visit visit, StorefrontOptions options)
    {
        var lines = CheckoutItems.Read(form["items"]);
        if (lines.Count == 0 || form["key"].Length is 0 or > 128) return new SeeOther("/cart");
        if (form["do"] != "pay") return await PageAsync(form, null, shop, shelves, visit, options);

        form.Require(visit.Texts["field.missing"], "name", "line1", "postalCode", "city", "country");
        if (form["card"].Length == 0) form.Refuse("card", visit.Texts["checkout.card.missing"]);
        if (form.HasErrors) return await PageAsync(form, null, shop, shelves, visit, options);
        if (await ChangedPriceAsync(form, lines, shop) is { } now)
        {
            form["total"] = Plain(now);
            return await PageAsync(form, new CheckoutTrouble("checkout.priceChanged"), shop, shelves, visit, options);
        }

        var (placed, trouble) = await PayAsync(form, lines, shop, visit);
        if (placed is null) return await PageAsync(form, trouble, shop, shelves, visit, options);
        visit.Change(session => session with { CartCount = 0 });
        return new SeeOther($"/orders/{placed.OrderId}?placed=yes");
    }

    static async Task<(PlacedOrder?, CheckoutTrouble?)> PayAsync(PostedForm form, IReadOnlyList<OrderLine> lines, ShopApi shop, Visit visit)
    {
        var address = new Address(form["name"], form["line1"], form["line2"] is { Length: > 0 } line2 ? line2 : null, form["postalCode"], form["city"], form["country"]);
        var wish = new OrderWish(lines, form["promo"] is { Length: > 0 } promo ? promo : null, address, new Payment("card", form["card"]));
        try
        {
            var answer = await shop.PlaceOrderAsync(wish, form["key"]);
            if (answer.Refusal is not { } refusal) return (answer.Value, null);
            if (refusal.Status == StatusCodes.Status401Unauthorized) throw refusal.ToException();

            // After a definite no, the next try is another order. After anything else it has to stay the same one.
            if (refusal.Status < 500 && refusal.Code != "IDEMPOTENCY_KEY_REUSED") form["key"] = NewKey();
            return (null, Explain(refusal, form, visit.Texts));
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or BrokenCircuitException)
        {
            return (null, new CheckoutTrouble("checkout.unsure"));
        }
    }

    static CheckoutTrouble? Explain(Refusal refusal, PostedForm form, Texts texts)
    {
        switch (refusal.Code)
        {
            case "INSUFFICIENT_STOCK":
                return new CheckoutTrouble("checkout.short", refusal.Body.TryGetProperty("items", out var items) ? items.Deserialize(ShopJson.Default.ShortItemArray) : null);
            case "PAYMENT_DECLINED":
                form.Refuse("card", texts["refused.PAYMENT_DECLINED"]);
                return new CheckoutTrouble("checkout.declined");
            case "PROMO_INVALID":
                form.Refuse("promo", texts.Find($"promo.{refusal.Text("reason")}") ?? texts["promo.CODE_UNKNOWN"]);
                return null;
            case "IDEMPOTENCY_KEY_REUSED":
                return new CheckoutTrouble("checkout.sentBefore");
            default:
                if (refusal.Status >= 500) return new CheckoutTrouble("checkout.unsure");
                form.Refuse(refusal, texts);
                return null;
        }
    }

    /// <summary>The sum that is asked for now, when it is not the one that was shown. What is no longer in the cart was bought by this very page.</summary>
    static async Task<decimal?> ChangedPriceAsync(PostedForm form, IReadOnlyList<OrderLine> lines, ShopApi shop)
    {
        if ((await shop.CartAsync()).Value is not { } cart) return null;
        var here = lines.Select(line => cart.Items.FirstOrDefault(item => item.ProductId == line.ProductId)).ToList();
        if (here.Any(item => item is null)) return null;
        var now = lines.Zip(here, (line, item) => line.Quantity * item!.Price).Sum();
        return Plain(now) == form["total"] ? null : now;
    }

    static async Task<IResult> PageAsync(PostedForm form, CheckoutTrouble? trouble, ShopApi shop, Shelves shelves, Visit visit, StorefrontOptions options)
    {
        var lines = CheckoutItems.Read(form["items"]);
        var cards = (await shelves.CardsAsync(lines.Select(line => line.ProductId), visit.Language)).ToDictionary(card => card.ProductId);
        var bought = lines.Where(line => cards.ContainsKey(line.ProductId)).Select(line => new CheckoutLine(cards[line.ProductId], line.Quantity)).ToList();
        var total = bought.Sum(line => line.Total);
        if (trouble is null or { Text: not "checkout.priceChanged" }) form["total"] = Plain(total);
        var promo = form["promo"].Length > 0 && form.Error("promo") is null ? await ValidateAsync(form, total, bought, shop, visit.Texts) : null;
        var status = form.HasErrors || trouble is not null ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
        return Html.Page<CheckoutView>(new { Form = form, Lines = (IReadOnlyList<CheckoutLine>)bought, Promo = promo, Trouble = trouble, options.TestCards }, status);
    }

    static async Task<PromoAnswer?> ValidateAsync(PostedForm form, decimal total, IReadOnlyList<CheckoutLine> lines, ShopApi shop, Texts texts)
    {
        var items = lines.Select(line => new PromoItem(line.Product.ProductId, line.Product.Category, line.Each, line.Quantity)).ToList();
        var answer = await shop.ValidatePromoAsync(new PromoWish(form["promo"], total, items));
        if (answer.Value is { IsValid: true } good) return good;
        form.Refuse("promo", texts.Find($"promo.{answer.Value?.Reason}") ?? texts[answer.Refusal is { Status: >= 500 } ? "promo.later" : "promo.CODE_UNKNOWN"]);
        return null;
    }

    /// <summary>Who has bought before finds the address of the last time.</summary>
    static async Task FillAddressAsync(PostedForm form, ShopApi shop, Visit visit)
    {
        form["country"] = "FR";
        if ((await shop.OrdersAsync(page: 1, limit: 1)).Value is { Orders: [var last, ..] })
        {
            var address = last.Shipping.Address;
            (form["name"], form["line1"], form["line2"]) = (address.Name, address.Line1, address.Line2 ?? "");
            (form["postalCode"], form["city"], form["country"]) = (address.PostalCode, address.City, address.Country);
        }
        else if ((await shop.ProfileAsync(visit.Caller.UserId!.Value)).Value is { } profile)
        {
            form["name"] = $"{profile.FirstName} {profile.LastName}";
        }
    }

    static string NewKey() => Guid.CreateVersion7().ToString();

    static string Plain(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}

/// <param name="Text">The key of what to tell.</param>
/// <param name="Short">Of what there is not enough.</param>
public sealed record CheckoutTrouble(string Text, IReadOnlyList<ShortItem>? Short = null);

public sealed record CheckoutLine(ProductCardData Product, int Quantity)
{
    public decimal Each => Product.DiscountedPrice ?? Product.Price;

    public decimal Total => Quantity * Each;
}

/// <summary>What is bought, as the page carries it: <c>id*2,id*1</c>.</summary>
static class CheckoutItems
{
    const int Most = 100;

    public static string Write(IEnumerable<OrderLine> lines) => string.Join(',', lines.Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.ProductId}*{line.Quantity}")));

    public static IReadOnlyList<OrderLine> Read(string text)
    {
        var lines = new List<OrderLine>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries).Take(Most))
        {
            if (part.Split('*') is [var id, var count] && Guid.TryParse(id, out var productId) && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var quantity) && quantity is > 0 and <= 1000)
                lines.Add(new OrderLine(productId, quantity));
        }
        return lines;
    }
}
