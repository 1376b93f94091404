using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;

namespace Rosa.Catalog;

/// <summary><c>POST /api/categories</c>: an employee puts up a shelf.</summary>
static class CreateCategory
{
    public static async Task<Results<Created<CategoryDetail>, ProblemHttpResult>> Handle(
        CreateCategoryRequest request, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await ChangeCategory.LockTreeAsync(connection, request.Parent, cancellationToken) is { } levels && levels >= ChangeCategory.Levels) return CategoryProblems.TooDeep.ToResult();

        await using var insert = new NpgsqlCommand(
            "insert into categories (slug, parent, title, translations, position) values ($1, $2, $3, $4, $5) on conflict (slug) do nothing", connection, transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = request.Slug },
                new NpgsqlParameter { Value = (object?)request.Parent ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new NpgsqlParameter<string> { TypedValue = request.Title },
                StoredTranslations.Parameter(request.Translations),
                new NpgsqlParameter<int> { TypedValue = request.Position },
            },
        };
        try
        {
            if (await insert.ExecuteNonQueryAsync(cancellationToken) == 0) return CategoryProblems.Exists.ToResult();
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return CategoryProblems.UnknownParent.ToResult();
        }
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Created(
            $"/api/categories/{request.Slug}",
            new CategoryDetail(request.Slug, request.Title, request.Parent, request.Translations, request.Position, Products: 0));
    }
}
