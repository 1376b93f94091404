using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Users;

/// <param name="Preferences">Left out, they stay as they are.</param>
/// <param name="Phone">Left out or null, it stays; empty: none any more.</param>
/// <param name="Language">Left out or null, it stays.</param>
public sealed record UpdateUserRequest(
    [Required, PersonName] string FirstName,
    [Required, PersonName] string LastName,
    UpdatePreferences? Preferences,
    [PhoneNumber] string? Phone = null,
    [AllowedValues(Users.Language.French, Users.Language.English, null, ErrorMessage = "One of fr, en.")] string? Language = null);

/// <param name="AnimalType">Left out or null: none.</param>
/// <param name="NotificationsEnabled">Left out, it stays as it is.</param>
public sealed record UpdatePreferences(
    [AllowedValues("dog", "cat", "bird", "rodent", "fish", "other", null, ErrorMessage = "One of dog, cat, bird, rodent, fish, other, or null.")] string? AnimalType,
    bool? NotificationsEnabled);

static class UpdateUserEndpoint
{
    public static async Task<Results<Ok<Profile>, ProblemHttpResult>> Handle(
        Guid userId, UpdateUserRequest request, Caller caller, ServiceDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (caller.UserId != userId) return Problem.NotFound("user").ToResult();

        await using var transaction = await database.BeginAsync(cancellationToken);
        var row = await transaction.Connection.QuerySingleOrDefaultAsync<ProfileRow>(new CommandDefinition(
            $"""
            update users
            set first_name = @firstName,
                last_name = @lastName,
                phone = case @phone when '' then null else coalesce(@phone, phone) end,
                language = coalesce(@language, language),
                animal_type = case when @withPreferences then @animalType else animal_type end,
                notifications_enabled = coalesce(@notificationsEnabled, notifications_enabled)
            where user_id = @userId
            returning {ProfileRow.Columns}
            """,
            new
            {
                userId,
                firstName = request.FirstName.Trim(),
                lastName = request.LastName.Trim(),
                phone = request.Phone is { } phone ? PhoneNumber.Normalise(phone) : null,
                language = request.Language,
                withPreferences = request.Preferences is not null,
                animalType = request.Preferences?.AnimalType,
                notificationsEnabled = request.Preferences?.NotificationsEnabled,
            },
            transaction.Transaction, cancellationToken: cancellationToken));
        if (row is null) return Problem.NotFound("user").ToResult();

        await transaction.PublishAsync(row.ToUpdated(clock.GetUtcNow()), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(row.ToProfile());
    }
}
