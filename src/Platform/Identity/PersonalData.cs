using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;

namespace Rosa.Platform.Identity;

/// <summary>
/// A service's part of the file in which a person gets all that is held about them. Each service that keeps personal data maps
/// <c>app.MapPost(PersonalData.Route, …).For(Access.Service)</c> and answers 200 with a JSON object of its own shape, <c>{}</c> when it holds nothing;
/// Users asks those that <c>Users:PersonalDataFrom</c> names.
/// </summary>
public static class PersonalData
{
    public const string Route = "/internal/personal-data";

    /// <summary>Answers what a query makes.</summary>
    /// <param name="sql">Returns one JSON object as text; <c>$1</c> is the user's id and <c>$2</c> the ids of their orders.</param>
    public static async Task<ContentHttpResult> ReadAsync(ServiceDatabase database, PersonalDataRequest request, string sql, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = request.UserId });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. request.OrderIds ?? []] });
        return TypedResults.Text((string)(await command.ExecuteScalarAsync(cancellationToken))!, "application/json");
    }
}

/// <param name="OrderIds">
/// The person's orders, for services that keep data by order alone. Orders itself is asked first, with none, and names them in
/// <c>orders: [{orderId, …}]</c>.
/// </param>
public sealed record PersonalDataRequest(Guid UserId, IReadOnlyList<Guid> OrderIds);
