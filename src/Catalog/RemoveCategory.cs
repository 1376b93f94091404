using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Rosa.Catalog;

/// <summary><c>DELETE /api/categories/{slug}</c>: an employee takes down a shelf on which nothing is left. What was withdrawn from it stays without one.</summary>
static class RemoveCategory
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(string slug, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new("update products set category = null where category = $1 and withdrawn_at is not null")
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = slug } },
        });
        batch.BatchCommands.Add(new("delete from categories where slug = $1") { Parameters = { new NpgsqlParameter<string> { TypedValue = slug } } });
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return CategoryProblems.NotEmpty.ToResult();
        }
        return batch.BatchCommands[1].RecordsAffected == 0 ? CategoryProblems.NotFound.ToResult() : TypedResults.NoContent();
    }
}
