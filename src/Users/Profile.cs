namespace Rosa.Users;

/// <summary>What Users tells about a person, to themselves and to employees.</summary>
/// <param name="Role"><c>customer</c>, <c>employee</c> or <c>admin</c>.</param>
public sealed record Profile(Guid UserId, string Email, string FirstName, string LastName, string Role, Preferences Preferences, DateTimeOffset CreatedAt);

/// <param name="AnimalType"><c>dog</c>, <c>cat</c>, <c>bird</c>, <c>rodent</c>, <c>fish</c>, <c>other</c> or null.</param>
public sealed record Preferences(string? AnimalType, bool NotificationsEnabled);

/// <summary>The columns of a profile.</summary>
sealed record ProfileRow(
    Guid UserId, string Email, string FirstName, string LastName, string Role, string? AnimalType, bool NotificationsEnabled, DateTimeOffset CreatedAt)
{
    public const string Columns = "user_id, email, first_name, last_name, role, animal_type, notifications_enabled, created_at";

    public Profile ToProfile() => new(UserId, Email, FirstName, LastName, Role, new Preferences(AnimalType, NotificationsEnabled), CreatedAt);
}
