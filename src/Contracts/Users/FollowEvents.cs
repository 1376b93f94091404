namespace Rosa.Contracts.Users;

/// <summary>Somebody follows somebody else from now on.</summary>
public sealed record UserFollowed(Guid FollowerId, Guid FollowedId, DateTimeOffset At) : IEvent
{
    public static EventType Type { get; } = new("users", "UserFollowed");
    public string Subject => FollowerId.ToString();
}

/// <summary>Somebody follows somebody else no more.</summary>
public sealed record UserUnfollowed(Guid FollowerId, Guid FollowedId, DateTimeOffset At) : IEvent
{
    public static EventType Type { get; } = new("users", "UserUnfollowed");
    public string Subject => FollowerId.ToString();
}
