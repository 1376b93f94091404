using Rosa.Contracts.Users;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Notifications;

/// <summary>Who registered is remembered, and welcomed.</summary>
sealed class WelcomeWhenUserCreated(WriteNotifications write, TimeProvider clock) : IEventHandler<UserCreated>
{
    public async Task HandleAsync(UserCreated happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await new Recipient(happened.UserId, happened.Email, happened.FirstName, Language: happened.Language == "en" ? "en" : "fr", NotificationsEnabled: null, happened.Role)
            .RememberAsync(transaction, clock.GetUtcNow(), cancellationToken);
        await write.ToOneAsync(envelope, transaction, cancellationToken);
    }
}

sealed class UpdateRecipientWhenUserUpdated(TimeProvider clock) : IEventHandler<UserUpdated>
{
    public Task HandleAsync(UserUpdated happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) =>
        new Recipient(
            happened.UserId, happened.Email, happened.FirstName, happened.Language is "fr" or "en" ? happened.Language : null, happened.NotificationsEnabled, happened.Role)
        {
            // A sender that says the language says the phone too, or that there is none.
            Phone = happened.Phone ?? (happened.Language is null ? null : ""),
        }.RememberAsync(transaction, clock.GetUtcNow(), cancellationToken);
}
