using System.Text.Json;
using Npgsql;

namespace Rosa.Catalog;

/// <summary>Writes what a list and a detail say of a product, straight from the row.</summary>
static class ProductJson
{
    /// <summary>The columns that <see cref="WriteCard"/> reads, from <c>p</c> and the stock <c>s</c>.</summary>
    public static string CardColumns(string language) =>
        $"p.product_id, {Language.Sql(language, "p", "title")} as title, p.price, p.image_url, p.category, s.available, p.rating_count, p.rating_sum";

    public const int CardColumnCount = 8;

    static readonly JsonEncodedText productId = JsonEncodedText.Encode("productId");
    static readonly JsonEncodedText title = JsonEncodedText.Encode("title");
    static readonly JsonEncodedText price = JsonEncodedText.Encode("price");
    static readonly JsonEncodedText discountedPrice = JsonEncodedText.Encode("discountedPrice");
    static readonly JsonEncodedText imageUrl = JsonEncodedText.Encode("imageUrl");
    static readonly JsonEncodedText category = JsonEncodedText.Encode("category");
    static readonly JsonEncodedText stock = JsonEncodedText.Encode("stock");
    static readonly JsonEncodedText rating = JsonEncodedText.Encode("rating");
    static readonly JsonEncodedText average = JsonEncodedText.Encode("average");
    static readonly JsonEncodedText count = JsonEncodedText.Encode("count");

    /// <summary>Writes the members of a card into the object that was begun.</summary>
    /// <param name="first">Where the card's columns begin.</param>
    public static void WriteCard(Utf8JsonWriter json, NpgsqlDataReader row, int first, Discounts discounts)
    {
        json.WriteString(productId, row.GetGuid(first));
        json.WriteString(title, row.GetString(first + 1));
        var listPrice = row.GetDecimal(first + 2);
        var slug = row.GetString(first + 4);
        json.WriteNumber(price, listPrice);
        if (discounts.Discounted(slug, listPrice) is { } discounted) json.WriteNumber(discountedPrice, discounted);
        if (row.IsDBNull(first + 3)) json.WriteNull(imageUrl);
        else json.WriteString(imageUrl, row.GetString(first + 3));
        json.WriteString(category, slug);
        json.WriteNumber(stock, row.GetInt32(first + 5));

        var ratings = RatingSummary.Of(row.GetInt32(first + 6), row.GetInt32(first + 7));
        json.WriteStartObject(rating);
        json.WriteNumber(average, ratings.Average);
        json.WriteNumber(count, ratings.Count);
        json.WriteEndObject();
    }
}
