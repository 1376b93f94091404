using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Rosa.Platform.Identity;

namespace Rosa.EndToEnd.Tests.BadInput;

/// <summary>What is in the shop that bad calls refer to: people with their tokens, things with their ids.</summary>
public sealed record Things(Guid CustomerId, string CustomerToken, Guid OtherId, string ExpiredToken, Guid ProductId, Guid OrderId, Guid OthersOrderId, string Promo)
{
    /// <summary>With it the shop's keys can be read, and a token be signed that has expired.</summary>
    public const string KeySecret = "a secret of this test alone";

    public static async Task<Things> PutIntoAsync(RunningShop shop)
    {
        var (customerId, customerToken) = await shop.NewCustomerAsync();
        var (otherId, otherToken) = await shop.NewCustomerAsync();
        var productId = await shop.NewProductAsync(quantity: 100_000);
        await shop.NewPromoAsync("BADINPUT");
        return new Things(
            customerId, customerToken, otherId, await ExpiredTokenAsync(shop, customerId), productId,
            await OrderAsync(shop, customerToken, productId), await OrderAsync(shop, otherToken, productId), "BADINPUT");
    }

    static async Task<Guid> OrderAsync(RunningShop shop, string token, Guid productId)
    {
        var (status, order) = await shop.OrderAsync(token, RunningShop.OrderOf(productId));
        Assert.True(status == 201, $"{status} {order}");
        return order.GetProperty("orderId").GetGuid();
    }

    /// <summary>Good but for its time.</summary>
    static async Task<string> ExpiredTokenAsync(RunningShop shop, Guid userId)
    {
        await using var connection = await shop.AsOwnerAsync("users");
        await using var command = new NpgsqlCommand("select key_id, private_key from signing_keys order by signs_from limit 1", connection);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        using var key = ECDsa.Create();
        key.ImportEncryptedPkcs8PrivateKey(KeySecret, (byte[])row[1], out _);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return AccessToken.Write(new TokenClaims(AccessToken.Issuer, AccessToken.Audience, $"{userId}", Roles.Customer, $"{Guid.CreateVersion7()}", now - 3600, now - 60), key, row.GetString(0));
    }

    /// <summary>What stands for a parameter of a path.</summary>
    public string ForPath(string name) => name switch
    {
        "userId" => $"{CustomerId}",
        "productId" => $"{ProductId}",
        "orderId" => $"{OrderId}",
        "promoCode" => Promo,
        "slug" => "test",
        "event" => "OrderCreated",
        "channel" => "email",
        "language" => "en",
        _ => $"{Guid.CreateVersion7()}",
    };

    /// <summary>A body that fits the schema, and what the shop holds.</summary>
    public JsonNode Fitting(ApiOperation operation, JsonObject schema, string name = "") => ApiOperation.TypeOf(operation.Document, schema) switch
    {
        "object" => new JsonObject(operation.Properties(schema).Select(property => KeyValuePair.Create<string, JsonNode?>(property.Key, Fitting(operation, property.Value, property.Key)))
            .Where(property => !Either(property.Key))),
        "array" => new JsonArray(Fitting(operation, operation.ItemOf(schema), name)),
        "boolean" => false,
        "integer" or "number" => name switch { "price" or "cartTotal" or "amount" => 10.5m, "stars" => 5, _ => 1 },
        _ => FittingText(schema, name),
    };

    /// <summary>Members that exclude another that is given.</summary>
    static bool Either(string name) => name is "discountAmount" or "automatic" or "sku" or "translations" or "parent";

    JsonNode FittingText(JsonObject schema, string name) => name switch
    {
        "email" => "bad.input@customer.example",
        "password" or "newPassword" or "currentPassword" => "a-long-enough-secret",
        "country" => "FR",
        "method" => "card",
        "cardToken" => "tok_visa",
        "category" => "test",
        "promoCode" or "code" => Promo,
        "role" => "customer",
        "language" => "fr",
        "animalType" => "dog",
        "phone" or "phoneNumber" => "+33612345678",
        "imageUrl" => "/images/1.webp",
        "slug" => "bad-input",
        "validFrom" => "2026-01-01T00:00:00Z",
        "validUntil" => "2027-01-01T00:00:00Z",
        "productId" or "productIds" or "purchasedItems" => $"{ProductId}",
        "userId" => $"{CustomerId}",
        _ when schema["format"]?.GetValue<string>() == "uuid" => $"{Guid.CreateVersion7()}",
        _ when schema["format"]?.GetValue<string>() == "date-time" => "2026-06-01T00:00:00Z",
        _ => "text",
    };
}
