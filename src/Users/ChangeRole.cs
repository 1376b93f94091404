using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Users;

/// <param name="Role"><c>customer</c>, <c>employee</c> or <c>admin</c>.</param>
public sealed record ChangeRoleRequest(
    [Required, AllowedValues(Roles.Customer, Roles.Employee, Roles.Admin, ErrorMessage = "One of customer, employee, admin.")] string Role);

/// <summary>
/// Tokens carry the role: the person's present access token keeps the old one until it expires (15 minutes at most), the next refresh brings the new one.
/// Since nobody changes their own role and the changer must be an admin at that very moment, there always is one left.
/// </summary>
static class ChangeRoleEndpoint
{
    static readonly Problem OwnRole = new(ProblemKind.Refused, "OWN_ROLE", "Nobody changes their own role. Ask another admin.");
    static readonly Problem NoAdminAnyMore = new(ProblemKind.Forbidden, "FORBIDDEN", "You are not an admin any more.");

    sealed record Person(Guid UserId, string Role);

    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid userId, ChangeRoleRequest request, Caller caller, ServiceDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (caller.UserId == userId) return OwnRole.ToResult();

        await using var transaction = await database.BeginAsync(cancellationToken);
        var people = (await transaction.Connection.QueryAsync<Person>(new CommandDefinition(
            "select user_id, role from users where user_id = any (@ids) order by user_id for update",
            new { ids = new[] { userId, caller.UserId!.Value } }, transaction.Transaction, cancellationToken: cancellationToken))).ToList();
        if (people.Find(person => person.UserId == caller.UserId) is not { Role: Roles.Admin }) return NoAdminAnyMore.ToResult();
        if (people.Find(person => person.UserId == userId) is not { } person) return Problem.NotFound("user").ToResult();
        if (person.Role == request.Role) return TypedResults.NoContent();

        var now = clock.GetUtcNow();
        var changed = await transaction.Connection.QuerySingleAsync<ProfileRow>(new CommandDefinition(
            $"""
            insert into role_changes (user_id, from_role, to_role, changed_by, changed_at) values (@userId, @from, @role, @changedBy, @now);
            update users set role = @role where user_id = @userId returning {ProfileRow.Columns};
            """,
            new { userId, role = request.Role, from = person.Role, changedBy = caller.UserId, now },
            transaction.Transaction, cancellationToken: cancellationToken));
        await transaction.PublishAsync(changed.ToUpdated(now), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
