using System.Text.Json;
using Npgsql;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <summary><c>GET /api/products/{productId}</c>; what employees change is answered by the same document.</summary>
sealed class GetProduct(NpgsqlDataSource source, Discounts discounts)
{
    public static Task Handle(Guid productId, HttpContext http, GetProduct product, CancellationToken cancellationToken) =>
        product.SendAsync(productId, http, cancellationToken);

    /// <summary>Answers with the product as it is now, or 404.</summary>
    public async Task SendAsync(Guid productId, HttpContext http, CancellationToken cancellationToken)
    {
        var language = Language.Of(http.Request);
        using var answer = JsonAnswer.Start();
        int version;
        await using (var command = source.CreateCommand(language == Language.English ? english : french))
        {
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = productId });
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            if (!await row.ReadAsync(cancellationToken))
            {
                await Problem.NotFound("product").ToResult().ExecuteAsync(http);
                return;
            }
            version = row.GetInt32(0);
            Write(answer.Writer, row);
        }
        await answer.SendAsync(http, language, version);
    }

    static readonly string french = Sql(Language.French);
    static readonly string english = Sql(Language.English);

    internal static string Sql(string language) =>
        $$"""
        select p.version, p.created_at, p.changed_at, {{Language.Sql(language, "p", "description")}},
          (select json_agg(json_build_object('imageId', image_id, 'url', '/api/images/' || image_id) order by position, image_id)::text
           from product_images where product_id = p.product_id),
          case when p.rating_count > 0 then
            (select json_agg(json_build_object('stars', stars, 'comment', comment,
               'ratedAt', to_char(rated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by rated_at desc)::text
             from (select stars, comment, rated_at from ratings where product_id = p.product_id order by rated_at desc limit 10) latest)
          end,
          {{ProductJson.CardColumns(language)}}, p.sku
        from products p
        join stock s using (product_id)
        where p.product_id = $1 and p.withdrawn_at is null
        """;

    void Write(Utf8JsonWriter json, NpgsqlDataReader row)
    {
        json.WriteStartObject();
        ProductJson.WriteCard(json, row, first: 6, discounts);
        json.WriteString("description"u8, row.GetString(3));
        json.WriteString("sku"u8, row.IsDBNull(6 + ProductJson.CardColumnCount) ? null : row.GetString(6 + ProductJson.CardColumnCount));
        WriteImages(json, row);
        json.WritePropertyName("ratings"u8);
        json.WriteRawValue(row.IsDBNull(5) ? "[]" : row.GetString(5), skipInputValidation: true);
        json.WriteString("createdAt"u8, row.GetDateTime(1));
        json.WriteString("changedAt"u8, row.GetDateTime(2));
        json.WriteEndObject();
    }

    // A product without stored pictures shows the one that it names.
    static void WriteImages(Utf8JsonWriter json, NpgsqlDataReader row)
    {
        const int imageUrl = 6 + 3;
        json.WritePropertyName("images"u8);
        if (!row.IsDBNull(4))
        {
            json.WriteRawValue(row.GetString(4), skipInputValidation: true);
            return;
        }
        json.WriteStartArray();
        if (!row.IsDBNull(imageUrl))
        {
            json.WriteStartObject();
            json.WriteNull("imageId"u8);
            json.WriteString("url"u8, row.GetString(imageUrl));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
