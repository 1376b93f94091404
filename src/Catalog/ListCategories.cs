using System.Text.Json;
using Npgsql;

namespace Rosa.Catalog;

/// <param name="Slug">What the list of products takes as <c>category</c>.</param>
/// <param name="Products">How many products are for sale in it and below.</param>
public sealed record CategoryNode(string Slug, string Title, int Products, IReadOnlyList<CategoryNode> Children);

public sealed record CategoryTree(IReadOnlyList<CategoryNode> Categories);

/// <summary><c>GET /api/categories</c>: the shelves as a tree, each with how much it holds.</summary>
static class ListCategories
{
    sealed record Row(string Slug, string? Parent, string Title, int Products);

    public static async Task Handle(HttpContext http, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var language = Language.Of(http.Request);
        var rows = new List<Row>();
        await using (var command = source.CreateCommand(
            $"""
            select slug, parent, {Language.Sql(language, "c", "title")}, coalesce(counted.products, 0)::int
            from categories c
            left join (select category, sum(products) as products from product_counts group by category) counted on counted.category = c.slug
            order by position, slug
            """))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                rows.Add(new Row(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetString(2), reader.GetInt32(3)));
        }

        using var answer = JsonAnswer.Start();
        answer.Writer.WriteStartObject();
        WriteLevel(answer.Writer, "categories", rows.ToLookup(row => row.Parent), parent: null);
        answer.Writer.WriteEndObject();
        await answer.SendAsync(http, language);
    }

    static void WriteLevel(Utf8JsonWriter json, string name, ILookup<string?, Row> byParent, string? parent)
    {
        json.WriteStartArray(name);
        foreach (var row in byParent[parent])
        {
            json.WriteStartObject();
            json.WriteString("slug"u8, row.Slug);
            json.WriteString("title"u8, row.Title);
            json.WriteNumber("products"u8, row.Products);
            WriteLevel(json, "children", byParent, row.Slug);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
