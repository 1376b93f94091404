using Rosa.Contracts.Users;

namespace Rosa.Users;

/// <summary>What Users tells about a person, to themselves and to employees.</summary>
/// <param name="EmailVerified">Whether they have shown that mail to this address reaches them.</param>
/// <param name="Phone">E.164, or null: where a parcel's tracking number is sent by SMS.</param>
/// <param name="Language"><c>fr</c> or <c>en</c>: the language to write to them in.</param>
/// <param name="Role"><c>customer</c>, <c>employee</c> or <c>admin</c>.</param>
public sealed record Profile(
    Guid UserId, string Email, bool EmailVerified, string FirstName, string LastName, string? Phone, string Language, string Role,
    Preferences Preferences, DateTimeOffset CreatedAt);

/// <param name="AnimalType"><c>dog</c>, <c>cat</c>, <c>bird</c>, <c>rodent</c>, <c>fish</c>, <c>other</c> or null.</param>
public sealed record Preferences(string? AnimalType, bool NotificationsEnabled);

/// <summary>The columns of a profile.</summary>
sealed record ProfileRow(
    Guid UserId, string Email, bool EmailVerified, string FirstName, string LastName, string? Phone, string Language, string Role,
    string? AnimalType, bool NotificationsEnabled, DateTimeOffset CreatedAt)
{
    public const string Columns =
        "user_id, email, email_verified_at is not null as email_verified, first_name, last_name, phone, language, role, animal_type, notifications_enabled, created_at";

    public Profile ToProfile() => new(
        UserId, Email, EmailVerified, FirstName, LastName, Phone, Language, Role, new Preferences(AnimalType, NotificationsEnabled), CreatedAt);

    public UserUpdated ToUpdated(DateTimeOffset now) => new(UserId, Email, FirstName, LastName, AnimalType, NotificationsEnabled, now) { Language = Language, Phone = Phone, Role = Role };
}
