using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Rosa.Catalog;

/// <param name="Slug">A category right below the one that is listed, or at the top.</param>
public sealed record CategoryFacet(string Slug, string Title, int Count);

/// <param name="From">To be sent as <c>minPrice</c>.</param>
/// <param name="To">To be sent as <c>maxPrice</c>; null for the last.</param>
public sealed record PriceFacet(decimal From, decimal? To, int Count);

public sealed record StockFacet(int Count);

/// <summary>What a list could be narrowed to, and how many products would be left. Among the first 10,000 products of the list.</summary>
public sealed record ProductFacets(IReadOnlyList<CategoryFacet> Categories, IReadOnlyList<PriceFacet> Prices, StockFacet InStock);

/// <summary>Counts what a list could be narrowed to. A list that is narrowed by prices still tells of the others, and one of what is in stock likewise.</summary>
static class Facets
{
    const int CountedAtMost = 10_000;

    static readonly (decimal From, decimal? To)[] ranges = [(0, 9.99m), (10, 19.99m), (20, 49.99m), (50, 99.99m), (100, null)];

    public static async Task WriteAsync(
        Utf8JsonWriter json, ListFilter filter, string? category, string? searched, string language, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Sql(filter, language));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = category ?? "" });
        if (searched is not null) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = searched });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);

        json.WriteStartObject("facets"u8);
        await rows.ReadAsync(cancellationToken);   // the whole selection comes first, the categories after it
        json.WriteStartObject("inStock"u8);
        json.WriteNumber("count"u8, rows.GetInt32(2));
        json.WriteEndObject();
        json.WriteStartArray("prices"u8);
        for (var range = 0; range < ranges.Length; range++)
        {
            json.WriteStartObject();
            json.WriteNumber("from"u8, ranges[range].From);
            if (ranges[range].To is { } to) json.WriteNumber("to"u8, to);
            else json.WriteNull("to"u8);
            json.WriteNumber("count"u8, rows.GetInt32(3 + range));
            json.WriteEndObject();
        }
        json.WriteEndArray();

        json.WriteStartArray("categories"u8);
        while (await rows.ReadAsync(cancellationToken))
        {
            json.WriteStartObject();
            json.WriteString("slug"u8, rows.GetString(0));
            json.WriteString("title"u8, rows.GetString(1));
            json.WriteNumber("count"u8, rows.GetInt32(2));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static string Sql(ListFilter filter, string language)
    {
        var wide = filter with { Prices = null, InStock = false };
        var source = wide.Searched ? ListSql.Matches(wide) : "product_listings w where w.category = $1";
        var stock = filter.InStock ? " and m.in_stock" : "";
        var prices = filter.Prices is { } asked ? $" and {Between(asked.From, asked.To)}" : "";
        var counts = string.Join(", ", ranges.Select((range, i) => $"count(*) filter (where {Between(range.From, range.To)}{stock})::int as range_{i}"));
        return $"""
            with matched as materialized (select w.product_id, w.price, w.in_stock from {source} limit {CountedAtMost})
            select slug, title, count, {string.Join(", ", ranges.Select((_, i) => $"range_{i}"))}
            from (
              select false as is_category, 0 as position, '' as slug, '' as title, count(*) filter (where m.in_stock{prices})::int as count, {counts}
              from matched m
              union all
              select true, c.position, c.slug, {Language.Sql(language, "c", "title")}, count(*)::int, {string.Join(", ", ranges.Select(_ => "0"))}
              from matched m
              join product_listings l on l.product_id = m.product_id
              join categories c on c.slug = l.category
              where c.parent is not distinct from nullif($1, ''){prices}{stock}
              group by c.slug
            ) counted
            order by is_category, position, slug
            """;
    }

    static string Between(decimal from, decimal? to) => string.Create(CultureInfo.InvariantCulture, $"m.price between {from} and {to ?? MoneyAttribute.Most}");
}
