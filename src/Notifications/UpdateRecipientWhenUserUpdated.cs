using Rosa.Contracts.Users;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Notifications;

sealed class UpdateRecipientWhenUserUpdated(TimeProvider clock) : IEventHandler<UserUpdated>
{
    public Task HandleAsync(UserUpdated happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) =>
        new Recipient(happened.UserId, happened.Email, happened.FirstName, Language: null, happened.NotificationsEnabled)
            .RememberAsync(transaction, clock.GetUtcNow(), cancellationToken);
}
