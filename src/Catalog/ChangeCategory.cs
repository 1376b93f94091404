using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;

namespace Rosa.Catalog;

/// <summary>
/// <c>PUT /api/categories/{slug}</c>: an employee renames a category, or moves it with all that lies below it. What a move means for the lists
/// stands in <c>schema/catalog-0004-categories.sql</c>.
/// </summary>
static class ChangeCategory
{
    /// <summary>A product is listed once for each level above it, so the tree is not deeper than a person would make it.</summary>
    public const int Levels = 8;

    public static async Task<Results<Ok<CategoryDetail>, ProblemHttpResult>> Handle(
        string slug, CategoryContent request, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using (var connection = await source.OpenConnectionAsync(cancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            var above = await LockTreeAsync(connection, request.Parent, cancellationToken);
            if (above is not null && above + await LevelsFromAsync(slug, connection, cancellationToken) > Levels) return CategoryProblems.TooDeep.ToResult();

            await using var update = new NpgsqlCommand("update categories set parent = $2, title = $3, translations = $4, position = $5 where slug = $1", connection, transaction)
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = slug },
                    new NpgsqlParameter { Value = (object?)request.Parent ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                    new NpgsqlParameter<string> { TypedValue = request.Title },
                    StoredTranslations.Parameter(request.Translations),
                    new NpgsqlParameter<int> { TypedValue = request.Position },
                },
            };
            try
            {
                if (await update.ExecuteNonQueryAsync(cancellationToken) == 0) return CategoryProblems.NotFound.ToResult();
            }
            catch (PostgresException exception) when (exception.ConstraintName == "categories_cycle")
            {
                return CategoryProblems.BelowItself.ToResult();
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ForeignKeyViolation)
            {
                return CategoryProblems.UnknownParent.ToResult();
            }
            await transaction.CommitAsync(cancellationToken);
        }
        return await GetCategory.Handle(slug, source, cancellationToken);
    }

    /// <summary>One employee changes the tree at a time; products are put into it meanwhile. Returns how many levels end with this category.</summary>
    public static async Task<int?> LockTreeAsync(NpgsqlConnection connection, string? slug, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("lock table categories in share row exclusive mode"));
        batch.BatchCommands.Add(new("select cardinality(path) - 1 from categories where slug = $1")
        {
            Parameters = { new NpgsqlParameter { Value = (object?)slug ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } },
        });
        return (int?)await batch.ExecuteScalarAsync(cancellationToken);
    }

    static async Task<int> LevelsFromAsync(string slug, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select coalesce(max(cardinality(path) - array_position(path, $1) + 1), 0) from categories where $1 = any(path)", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = slug });
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
