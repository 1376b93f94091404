using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Users;

/// <param name="Password">10 to 128 characters, not among the common ones.</param>
public sealed record RegisterRequest(
    [Required, Email] string Email,
    [Required, Password] string Password,
    [Required, PersonName] string FirstName,
    [Required, PersonName] string LastName);

static class RegisterEndpoint
{
    static readonly Problem EmailTaken = new(ProblemKind.Conflict, "EMAIL_TAKEN", "Somebody has registered with this e-mail already. Log in, or take another.");

    public static async Task<Results<Created<SessionAnswer>, ProblemHttpResult>> Handle(
        RegisterRequest request, [FromHeader(Name = "Accept-Language")] string? acceptLanguage,
        PasswordHasher passwords, Sessions sessions, ServiceDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var person = new NewUser(
            Guid.CreateVersion7(), Email.Normalise(request.Email), await passwords.HashAsync(request.Password, cancellationToken),
            request.FirstName.Trim(), request.LastName.Trim(), Roles.Customer, Language.Preferred(acceptLanguage), clock.GetUtcNow());
        var session = NewSession.Create();

        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(person.InsertCommand());
        batch.BatchCommands.Add(database.Events.Command(person.Created()));
        batch.BatchCommands.Add(sessions.StartCommand(session, person.UserId, passwordChangedAt: person.CreatedAt.UtcDateTime));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException taken) when (taken.ConstraintName == NewUser.UniqueEmail)
        {
            return EmailTaken.ToResult();
        }
        database.OutboxSignal.Wake();

        var answer = await sessions.AnswerAsync(person.UserId, person.Role, session.SessionId, session.RefreshToken, cancellationToken);
        return TypedResults.Created($"/api/users/{person.UserId}", answer);
    }
}
