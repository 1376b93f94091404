using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Npgsql;

namespace Rosa.Catalog;

/// <summary><c>GET /api/products</c>: a page of the shop, of a category with what lies below it, or of a search.</summary>
static class ListProducts
{
    public static async Task Handle(
        HttpContext http, NpgsqlDataSource source, Discounts discounts, CancellationToken cancellationToken,
        [MaxLength(100)] string? category = null, [MaxLength(200)] string? search = null,
        [Money] decimal? minPrice = null, [Money] decimal? maxPrice = null, bool inStock = false, ProductSort? sort = null,
        [Range(1, 10_000)] int page = 1, [Range(1, 100)] int limit = 20, bool facets = false)
    {
        var language = Language.Of(http.Request);
        var searched = string.IsNullOrWhiteSpace(search) ? null : search;
        (decimal, decimal)? prices = minPrice is null && maxPrice is null ? null : (minPrice ?? 0, maxPrice ?? MoneyAttribute.Most);
        var filter = new ListFilter(ByCategory: !string.IsNullOrEmpty(category), prices, inStock, Searched: searched is not null, OneWord: searched is not null && searched.All(char.IsLetterOrDigit));
        var order = sort?.Order ?? (filter.Searched ? ProductOrder.Relevance : ProductOrder.Newest);
        var sql = ListSql.For(filter, order, language, page, limit);

        using var answer = JsonAnswer.Start();
        var json = answer.Writer;
        json.WriteStartObject();
        json.WriteStartArray("products"u8);
        var total = await WriteAsync(json, sql, category, searched, source, discounts, cancellationToken);
        string? searchedFor = null;
        if (total == 0 && searched is not null && await NearestWords.OfAsync(searched, source, cancellationToken) is { } meant)
        {
            total = await WriteAsync(json, sql, category, meant, source, discounts, cancellationToken);
            if (total > 0) searched = searchedFor = meant;
        }
        json.WriteEndArray();
        json.WriteNumber("total"u8, total);
        json.WriteNumber("page"u8, page);
        json.WriteNumber("limit"u8, limit);
        if (searchedFor is not null) json.WriteString("searchedFor"u8, searchedFor);
        if (facets) await Facets.WriteAsync(json, filter, category, searched, language, source, cancellationToken);
        json.WriteEndObject();
        await answer.SendAsync(http, language);
    }

    /// <summary>Writes the cards of the page; returns how many products there are in all.</summary>
    static async Task<int> WriteAsync(
        Utf8JsonWriter json, string sql, string? category, string? searched, NpgsqlDataSource source, Discounts discounts, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = category ?? "" });
        if (searched is not null) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = searched });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var total = 0;
        while (await rows.ReadAsync(cancellationToken))
        {
            total = rows.GetInt32(0);
            if (rows.IsDBNull(1)) continue;   // nothing on this page: the row carries the total alone
            json.WriteStartObject();
            ProductJson.WriteCard(json, rows, first: 1, discounts);
            json.WriteEndObject();
        }
        return total;
    }
}
