using Npgsql;
using Rosa.Notifications.Templates;

namespace Rosa.Host.Demo;

/// <summary>Whom to write to, and the log of what they were told: a welcome each, and a summary for each order. What is older than a week was read.</summary>
static class NotificationRows
{
    const string ShopName = "Mamie Rosa";

    public static async Task LoadAsync(NpgsqlConnection connection, DemoShop shop, IReadOnlyList<PastSale> sales, CancellationToken cancellationToken)
    {
        await Copy.RowsAsync(connection, "recipients (user_id, email, first_name, language, notifications_enabled)", shop.Customers.Select(customer => new object?[]
        {
            customer.CustomerId, customer.Email, customer.FirstName, customer.Language, customer.NotificationsEnabled,
        }), cancellationToken);

        var readUntil = sales[^1].ConfirmedAt.AddDays(-7);
        IEnumerable<object?[]> Entries(string @event, DemoCustomer customer, Guid? orderId, string subject, DateTimeOffset at)
        {
            var eventId = Guid.CreateVersion7(at);
            yield return [Guid.CreateVersion7(at), eventId, @event, "email", customer.CustomerId, orderId, customer.Language, subject, "LOGGED", at, at, null];
            yield return [Guid.CreateVersion7(at), eventId, @event, "in-app", customer.CustomerId, orderId, customer.Language, subject, "SENT", at, at, at < readUntil ? at.AddHours(1) : null];
        }
        await Copy.RowsAsync(connection,
            "notifications (notification_id, event_id, event, channel, user_id, order_id, language, subject, outcome, created_at, sent_at, read_at)",
            shop.Customers.SelectMany(customer => Entries("UserCreated", customer, orderId: null, AccountNotices.WelcomeSubject(customer.Language, ShopName), customer.RegisteredAt))
                .Concat(sales.SelectMany(sale => Entries(
                    "OrderCreated", sale.Bought.Customer, sale.OrderId,
                    OrderNotices.ConfirmedSubject(sale.Bought.Customer.Language, sale.Bought.FinalAmount, PastSale.Currency), sale.ConfirmedAt))), cancellationToken);
    }
}
