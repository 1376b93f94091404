using Npgsql;
using Rosa.Notifications.Templates;

namespace Rosa.Host.Demo;

/// <summary>Whom to write to, and the log of what they were told: a welcome each, and a summary for each order. What is older than a week was read.</summary>
static class NotificationRows
{
    public static async Task LoadAsync(NpgsqlConnection connection, DemoShop shop, IReadOnlyList<PastSale> sales, CancellationToken cancellationToken)
    {
        await Copy.RowsAsync(connection, "recipients (user_id, email, first_name, language, notifications_enabled)", shop.Customers.Select(customer => new object?[]
        {
            customer.CustomerId, customer.Email, customer.FirstName, customer.Language, customer.NotificationsEnabled,
        }), cancellationToken);

        var readUntil = sales[^1].ConfirmedAt.AddDays(-7);
        object?[] Entry(string @event, DemoCustomer customer, Guid? orderId, string subject, DateTimeOffset at) =>
        [
            Guid.CreateVersion7(at), Guid.CreateVersion7(at), @event, "email", customer.CustomerId, orderId, customer.Language, subject, "LOGGED",
            at, at, at < readUntil ? at.AddHours(1) : null,
        ];
        await Copy.RowsAsync(connection,
            "notifications (notification_id, event_id, event, channel, user_id, order_id, language, subject, outcome, created_at, sent_at, read_at)",
            shop.Customers.Select(customer => Entry("UserCreated", customer, orderId: null, WelcomeMail.Subject(customer.Language), customer.RegisteredAt))
                .Concat(sales.Select(sale => Entry(
                    "OrderCreated", sale.Bought.Customer, sale.OrderId,
                    OrderSummaryMail.Subject(sale.Bought.Customer.Language, sale.Bought.FinalAmount, PastSale.Currency), sale.ConfirmedAt))), cancellationToken);
    }
}
