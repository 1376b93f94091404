using Rosa.Contracts.Orders;
using Rosa.Notifications.Templates;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Notifications;

/// <summary>One insert and nothing else: at Christmas this runs some hundred times a second.</summary>
sealed class MailSummaryWhenOrderCreated(IMailer mailer, SendNotifications sender, TimeProvider clock) : IEventHandler<OrderCreated>
{
    public async Task HandleAsync(OrderCreated happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        var summary = new NewNotification(
            nameof(OrderCreated), happened.UserId, happened.OrderId,
            OrderSummaryMail.Subject("fr", happened.FinalAmount, happened.Currency), OrderSummaryMail.Subject("en", happened.FinalAmount, happened.Currency));
        await summary.WriteAsync(transaction, envelope, mailer.Sends, clock.GetUtcNow(), cancellationToken);
        if (mailer.Sends) sender.Wake();
    }
}
