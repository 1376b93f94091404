using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Rosa.Catalog;

/// <summary><c>GET /api/categories/{slug}</c>: one category with its names in every language, as employees change it.</summary>
static class GetCategory
{
    public static async Task<Results<Ok<CategoryDetail>, ProblemHttpResult>> Handle(string slug, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select slug, title, parent, translations::text, position, coalesce((select sum(products) from product_counts where category = slug), 0)::int
            from categories
            where slug = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = slug });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return CategoryProblems.NotFound.ToResult();
        return TypedResults.Ok(new CategoryDetail(
            row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2),
            StoredTranslations.Read<CategoryTranslations>(row.GetString(3)), row.GetInt32(4), row.GetInt32(5)));
    }
}
