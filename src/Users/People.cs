using System.Text.Json.Serialization;
using Npgsql;
using Rosa.Platform.Problems;

namespace Rosa.Users;

/// <summary>A page of people, as other people see them.</summary>
public sealed record PeoplePage(IReadOnlyList<Person> Users, long Total, int Page, int Limit);

/// <param name="DisplayName">Never the e-mail.</param>
/// <param name="Role">For employees alone.</param>
public sealed record Person(Guid UserId, string DisplayName, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Role = null)
{
    public static string NameOf(string firstName, string lastName) => $"{firstName} {lastName}".Trim();
}

/// <summary>What all lists of people share.</summary>
static class People
{
    /// <summary>Why a page cannot be given, or null when it can.</summary>
    public static Problem? Refusal(int page, int limit) =>
        page is < 1 or > 100_000 ? Problem.Validation("page", "Pages count from 1 to 100,000.")
        : limit is < 1 or > 100 ? Problem.Validation("limit", "The limit is 1 to 100.")
        : null;

    /// <summary>Reads <c>user_id, first_name, last_name</c>, and <c>role</c> when it is wanted.</summary>
    public static async Task<List<Person>> ReadAsync(NpgsqlDataReader reader, bool withRole, CancellationToken cancellationToken)
    {
        var people = new List<Person>();
        while (await reader.ReadAsync(cancellationToken))
            people.Add(new Person(reader.GetGuid(0), Person.NameOf(reader.GetString(1), reader.GetString(2)), withRole ? reader.GetString(3) : null));
        return people;
    }
}
