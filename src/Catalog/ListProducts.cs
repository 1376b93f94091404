using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Rosa.Catalog;

/// <summary><c>GET /api/products</c>: a page of the shop, of a category with what lies below it, or of a search.</summary>
static class ListProducts
{
    public static async Task Handle(
        HttpContext http, NpgsqlDataSource source, Discounts discounts, CancellationToken cancellationToken,
        [MaxLength(100)] string? category = null, [MaxLength(200)] string? search = null,
        [Money] decimal? minPrice = null, [Money] decimal? maxPrice = null, bool inStock = false, ProductSort? sort = null,
        [Range(1, 10_000)] int page = 1, [Range(1, 100)] int limit = 20)
    {
        var language = Language.Of(http.Request);
        var searched = string.IsNullOrWhiteSpace(search) ? null : search;
        (decimal, decimal)? prices = minPrice is null && maxPrice is null ? null : (minPrice ?? 0, maxPrice ?? MoneyAttribute.Most);
        var filter = new ListFilter(ByCategory: !string.IsNullOrEmpty(category), prices, inStock, Searched: searched is not null);
        var order = sort?.Order ?? (filter.Searched ? ProductOrder.Relevance : ProductOrder.Newest);

        await using var command = source.CreateCommand(ListSql.For(filter, order, language, page, limit));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = category ?? "" });
        if (searched is not null) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = searched });

        using var answer = JsonAnswer.Start();
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken)) await WriteAsync(answer.Writer, rows, discounts, page, limit, cancellationToken);
        await answer.SendAsync(http, language);
    }

    static async Task WriteAsync(Utf8JsonWriter json, NpgsqlDataReader rows, Discounts discounts, int page, int limit, CancellationToken cancellationToken)
    {
        var total = 0;
        json.WriteStartObject();
        json.WriteStartArray("products"u8);
        while (await rows.ReadAsync(cancellationToken))
        {
            total = rows.GetInt32(0);
            if (rows.IsDBNull(1)) continue;   // nothing on this page: the row carries the total alone
            json.WriteStartObject();
            ProductJson.WriteCard(json, rows, first: 1, discounts);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("total"u8, total);
        json.WriteNumber("page"u8, page);
        json.WriteNumber("limit"u8, limit);
        json.WriteEndObject();
    }
}
