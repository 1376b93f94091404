using Npgsql;
using Rosa.Contracts.Catalog;

namespace Rosa.Catalog;

/// <summary>gRPC <c>GetCategories</c>: the tree, for who has rules about a category and all that lies below it.</summary>
static class GetCategoryPaths
{
    public static async Task<GetCategoriesResponse> Handle(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select slug, path from categories");
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var response = new GetCategoriesResponse();
        while (await rows.ReadAsync(cancellationToken))
        {
            var category = new CategoryPath { Slug = rows.GetString(0) };
            category.Path.AddRange(rows.GetFieldValue<string[]>(1).Where(above => above.Length > 0));   // the first is the whole shop
            response.Categories.Add(category);
        }
        return response;
    }
}
