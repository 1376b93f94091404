namespace Rosa.Contracts.Users;

/// <summary>Somebody registered.</summary>
/// <param name="Language"><c>fr</c> or <c>en</c>: the language to write to them in.</param>
public sealed record UserCreated(Guid UserId, string Email, string FirstName, string LastName, string Language, DateTimeOffset CreatedAt) : IEvent
{
    /// <summary><c>customer</c>, <c>employee</c> or <c>admin</c>; null from a sender that does not say.</summary>
    public string? Role { get; init; }

    public static EventType Type { get; } = new("users", "UserCreated");
    public string Subject => UserId.ToString();
}

/// <summary>A profile, its preferences or its role changed. Carries the whole new state.</summary>
/// <param name="AnimalType"><c>dog</c>, <c>cat</c>, <c>bird</c>, <c>rodent</c>, <c>fish</c>, <c>other</c> or null.</param>
public sealed record UserUpdated(
    Guid UserId, string Email, string FirstName, string LastName, string? AnimalType, bool NotificationsEnabled, DateTimeOffset UpdatedAt) : IEvent
{
    /// <summary><c>fr</c> or <c>en</c>; null from a sender that does not say.</summary>
    public string? Language { get; init; }

    /// <summary><c>customer</c>, <c>employee</c> or <c>admin</c>; null from a sender that does not say.</summary>
    public string? Role { get; init; }

    /// <summary>E.164 (<c>+33612345678</c>), or null when there is none.</summary>
    public string? Phone { get; init; }

    public static EventType Type { get; } = new("users", "UserUpdated");
    public string Subject => UserId.ToString();
}

/// <summary>Somebody's account was erased. Whoever keeps personal data of theirs erases it too.</summary>
public sealed record UserDeleted(Guid UserId) : IEvent
{
    public static EventType Type { get; } = new("users", "UserDeleted");
    public string Subject => UserId.ToString();
}
