using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;

namespace Rosa.Recommendations;

/// <param name="UserId">Who bought.</param>
/// <param name="PurchasedItems">What they bought in one order: ids of products, or order lines with a <c>productId</c>.</param>
public sealed record TrainingRequest([property: Required] Guid? UserId, [property: Required, MinLength(1), MaxLength(100)] IReadOnlyList<PurchasedItem> PurchasedItems);

/// <summary>A product's id, or an object that holds one as an order's line does.</summary>
[JsonConverter(typeof(PurchasedItemConverter))]
public readonly record struct PurchasedItem(Guid ProductId);

sealed class PurchasedItemConverter : JsonConverter<PurchasedItem>
{
    public override PurchasedItem Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return new PurchasedItem(Id(ref reader));

        Guid? productId = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var isId = reader.ValueTextEquals("productId"u8);
            reader.Read();
            if (isId) productId = Id(ref reader);
            else reader.TrySkip();   // the whole item has been read: it can
        }
        return productId is { } id ? new PurchasedItem(id) : throw new JsonException("An item has a productId.");
    }

    static Guid Id(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var id) ? id : throw new JsonException("A product's id is a UUID.");

    public override void Write(Utf8JsonWriter writer, PurchasedItem value, JsonSerializerOptions options) => writer.WriteStringValue(value.ProductId);
}

/// <summary>
/// <c>POST /api/recommendations/training</c>: an employee teaches what was bought elsewhere, in a market or in the shop before this one. It counts as an order
/// of today. The same products of the same customer are learned once, however often they are sent.
/// </summary>
static class LearnPurchases
{
    public static async Task<Results<Accepted, ValidationProblem>> Handle(TrainingRequest request, NpgsqlDataSource source, TimeProvider clock, CancellationToken cancellationToken)
    {
        var products = request.PurchasedItems.Select(item => item.ProductId).Distinct().ToList();
        var purchase = new Purchase(NameOf(request.UserId!.Value, products), request.UserId.Value, clock.GetUtcNow(), products);

        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(Purchases.Lock());
        foreach (var command in Purchases.Count(purchase)) batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    /// <summary>An id made of what it names (RFC 9562 §5.8, version 8), so that a repetition is known.</summary>
    static Guid NameOf(Guid userId, IEnumerable<Guid> products)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. userId.ToByteArray(), .. products.Order().SelectMany(product => product.ToByteArray())], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
