using Rosa.Contracts.Users;
using Rosa.Notifications.Templates;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Notifications;

sealed class WelcomeWhenUserCreated(IMailer mailer, SendNotifications sender, TimeProvider clock) : IEventHandler<UserCreated>
{
    public async Task HandleAsync(UserCreated happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var recipient = new Recipient(happened.UserId, happened.Email, happened.FirstName, Language: happened.Language == "en" ? "en" : "fr", NotificationsEnabled: null);
        await recipient.RememberAsync(transaction, now, cancellationToken);

        var welcome = new NewNotification(nameof(UserCreated), happened.UserId, OrderId: null, WelcomeMail.Subject("fr"), WelcomeMail.Subject("en"));
        await welcome.WriteAsync(transaction, envelope, mailer.Sends, now, cancellationToken);
        sender.Wake();
    }
}
