using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Promotions;

/// <summary>The code is no longer known. One that was ever used is kept for its history, and its code stays taken; one that never was is gone.</summary>
static class WithdrawPromotionEndpoint
{
    const string Delete =
        """
        with gone as (
          delete from promotions
          where code = $1 and withdrawn_at is null and usage_count = 0 and not exists (select from redemptions where code = $1)
          returning *),
        noted as (
          insert into promotion_changes (code, action, changed_by, terms) select code, 'WITHDRAWN', $2, to_jsonb(gone) from gone)
        select count(*) from gone
        """;

    const string Withdraw =
        """
        with gone as (
          update promotions set withdrawn_at = now() where code = $1 and withdrawn_at is null
          returning *),
        noted as (
          insert into promotion_changes (code, action, changed_by, terms) select code, 'WITHDRAWN', $2, to_jsonb(gone) from gone)
        select count(*) from gone
        """;

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(string promoCode, Caller caller, ServiceDatabase database, CancellationToken cancellationToken)
    {
        var code = Promotion.Normalise(promoCode);
        return await DeleteUnusedAsync(code, caller, database, cancellationToken) || await RunAsync(Withdraw, code, caller, database, cancellationToken)
            ? TypedResults.NoContent()
            : Problem.NotFound("promotion").ToResult();
    }

    static async Task<bool> DeleteUnusedAsync(string code, Caller caller, ServiceDatabase database, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(Delete, code, caller, database, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return false;   // Used at this very moment.
        }
    }

    static async Task<bool> RunAsync(string sql, string code, Caller caller, ServiceDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = code });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = caller.UserId!.Value });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! == 1;
    }
}
