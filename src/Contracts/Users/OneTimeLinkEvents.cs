namespace Rosa.Contracts.Users;

/// <summary>Somebody asked for another mail with which they confirm their e-mail address. It carries no secret: who writes the mail asks Users for the link.</summary>
public sealed record EmailVerificationRequested(Guid UserId, DateTimeOffset At) : IEvent
{
    public static EventType Type { get; } = new("users", "EmailVerificationRequested");
    public string Subject => UserId.ToString();
}

/// <summary>Somebody forgot their password. It carries no secret: who writes the mail asks Users for the link.</summary>
public sealed record PasswordResetRequested(Guid UserId, DateTimeOffset At) : IEvent
{
    public static EventType Type { get; } = new("users", "PasswordResetRequested");
    public string Subject => UserId.ToString();
}
