using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Users;

/// <summary>
/// <c>GET /api/users?search=</c>: people whose first and last names have words that begin with each word searched for, whatever their case and
/// accents. Employees also find by the whole e-mail, and list by role.
/// </summary>
static class FindPeopleEndpoint
{
    /// <summary>A search that finds more shows, and counts, so many of them.</summary>
    const int MostFound = 1_000;

    const string ByWords = "words @@ (select string_agg(quote_literal(word) || ':*', ' & ')::tsquery from unnest(tsvector_to_array(name_words($1))) word)";

    public static async Task<Results<Ok<PeoplePage>, ProblemHttpResult>> Handle(
        Caller caller, ServiceDatabase database, CancellationToken cancellationToken, string? search = null, string? role = null, int page = 1, int limit = 20)
    {
        if (People.Refusal(page, limit) is { } refusal) return refusal.ToResult();
        if (search is { Length: > 100 }) return Problem.Validation("search", "A search has at most 100 characters.").ToResult();
        if (role is not (null or Roles.Customer or Roles.Employee or Roles.Admin)) return Problem.Validation("role", "One of customer, employee, admin.").ToResult();
        if (role is not null && !caller.IsEmployee) return onlyEmployees.ToResult();

        var text = search?.Trim() ?? "";
        if (text.Length == 0 && !caller.IsEmployee) return TypedResults.Ok(new PeoplePage([], 0, page, limit));

        var found = text.Length == 0 ? "$1 = ''" : caller.IsEmployee && text.Contains('@') ? "lower(email) = lower($1)" : ByWords;
        var matching = $"(select user_id, first_name, last_name, role from users where {found} and ($2 = '' or role = $2) limit {MostFound}) found";
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select count(*) from {matching}"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"select user_id, first_name, last_name, role from {matching} order by lower(last_name), lower(first_name), user_id limit $3 offset $4"));
        foreach (var command in batch.BatchCommands)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = role ?? "" });
        }
        batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<long> { TypedValue = (page - 1L) * limit });

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        return TypedResults.Ok(new PeoplePage(await People.ReadAsync(reader, withRole: caller.IsEmployee, cancellationToken), total, page, limit));
    }

    static readonly Problem onlyEmployees = new(ProblemKind.Forbidden, "FORBIDDEN", "Only employees list people by role.");
}
