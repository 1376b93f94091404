using Microsoft.Extensions.DependencyInjection;
using Rosa.Contracts.Users;
using Rosa.Testing;

namespace Rosa.Notifications.Tests;

public sealed class MailTests : IAsyncLifetime
{
    MailCatcher catcher = null!;
    Shop shop = null!;

    public async ValueTask InitializeAsync()
    {
        catcher = await MailCatcher.Shared;
        shop = await Shop.OpenAsync(catcher.SmtpPort);
    }

    public async ValueTask DisposeAsync() => await shop.DisposeAsync();

    [Fact]
    public async Task Who_registers_is_welcomed_in_their_language()
    {
        var french = Shop.Somebody("fr");
        var english = Shop.Somebody("en", "Ællïne");
        await shop.TellAsync(french);
        await shop.TellAsync(english);
        await shop.LogWithAsync("SENT", "SENT");

        var toFrench = Assert.Single(await catcher.MailsToAsync(french.Email));
        Assert.Equal("Bienvenue chez Mamie Rosa", toFrench.Subject);
        Assert.Contains("Bonjour Pralinette,", toFrench.Text);
        Assert.Contains("À bientôt,", toFrench.Text);
        var toEnglish = Assert.Single(await catcher.MailsToAsync(english.Email));
        Assert.Equal("Welcome to Mamie Rosa's", toEnglish.Subject);
        Assert.Contains("Hello Ællïne,", toEnglish.Text);
        Assert.Contains("Hello Ællïne,", toEnglish.Html);
    }

    [Fact]
    public async Task The_summary_of_an_order_has_its_lines_and_amounts_and_is_safe_to_show()
    {
        var customer = Shop.Somebody("fr", "<b>Grenadine</b>");
        await shop.TellAsync(customer);
        var order = Shop.OrderOf(customer.UserId);
        await shop.TellAsync(order);
        var log = await shop.LogWithAsync("SENT", "SENT");

        var mail = Assert.Single(await catcher.MailsToAsync(customer.Email), mail => mail.Subject.StartsWith("Votre commande", StringComparison.Ordinal));
        Assert.Equal("Votre commande est confirmée : 1\u202f234,50\u00a0€", mail.Subject);
        Assert.Contains("2 × Croquettes <fines> & bio  1\u202f239,50\u00a0€", mail.Text);
        Assert.Contains("Remise  \u221210,00\u00a0€", mail.Text);
        Assert.Contains($"{order.OrderId}", mail.Text);
        Assert.Contains("Croquettes &lt;fines&gt; &amp; bio", mail.Html);
        Assert.DoesNotContain("<b>Grenadine</b>", mail.Html);

        var entry = Assert.Single(log.Notifications, entry => entry.Event == "OrderCreated");
        Assert.Equal(("email", "fr", mail.Subject, order.OrderId), (entry.Channel, entry.Language, entry.Subject, entry.OrderId));
        Assert.Equal(mail.MessageId.Split('@')[0], entry.NotificationId.ToString());
        Assert.NotNull(entry.SentAt);
    }

    [Fact]
    public async Task An_event_that_arrives_many_times_is_mailed_once()
    {
        var customer = Shop.Somebody();
        var order = Shop.OrderOf(customer.UserId);
        var (welcomeId, orderId) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(_ => new[] { shop.TellAsync(customer, welcomeId), shop.TellAsync(order, orderId) }));
        await shop.LogWithAsync("SENT", "SENT");

        // Told again when the inbox has long forgotten it.
        await using (var source = Npgsql.NpgsqlDataSource.Create(shop.Service.ConnectionString))
        await using (var forget = source.CreateCommand("delete from inbox")) await forget.ExecuteNonQueryAsync();
        await shop.TellAsync(order, orderId);
        await shop.TellAsync(new UserUpdated(customer.UserId, customer.Email, "Biscotin", "Exemple", null, true, DateTimeOffset.UtcNow));
        await shop.TellAsync(Shop.OrderOf(customer.UserId));
        await shop.LogWithAsync("SENT", "SENT", "SENT");

        Assert.Equal(3, (await catcher.MailsToAsync(customer.Email)).Count);
    }

    [Fact]
    public async Task An_order_heard_of_before_its_customer_is_mailed_once_they_are_known()
    {
        var customer = Shop.Somebody("en");
        await shop.TellAsync(Shop.OrderOf(customer.UserId));
        await shop.LogWithAsync("PENDING");
        await shop.Service.Services.GetRequiredService<SendNotifications>().RunOnceAsync(default);
        Assert.Empty(await catcher.MailsToAsync(customer.Email));

        await shop.TellAsync(customer);
        var log = await shop.LogWithAsync("SENT", "SENT");
        Assert.All(log.Notifications, entry => Assert.Equal("en", entry.Language));
        Assert.Contains(await catcher.MailsToAsync(customer.Email), mail => mail.Subject == "Your order is confirmed: €1,234.50");
    }

    [Fact]
    public async Task An_order_whose_customer_never_becomes_known_fails_after_a_day()
    {
        var order = Shop.OrderOf(Guid.CreateVersion7());
        await shop.TellAsync(order);
        await shop.LogWithAsync("PENDING");
        await shop.LaterAsync(TimeSpan.FromHours(25), () => shop.Service.Services.GetRequiredService<SendNotifications>().RunOnceAsync(default));
        await shop.LogWithAsync("FAILED");
        Assert.DoesNotContain(await catcher.MailsAsync(), mail => mail.Text.Contains($"{order.OrderId}"));
    }

    [Fact]
    public async Task With_notifications_off_only_what_the_order_requires_is_mailed()
    {
        var customer = Shop.Somebody();
        await shop.TellAsync(new UserUpdated(customer.UserId, customer.Email, "Biscotin", "Exemple", "dog", NotificationsEnabled: false, DateTimeOffset.UtcNow));
        await shop.TellAsync(customer);
        await shop.LogWithAsync("LOGGED");
        await shop.TellAsync(Shop.OrderOf(customer.UserId));
        await shop.LogWithAsync("SENT", "LOGGED");
        Assert.StartsWith("Votre commande", Assert.Single(await catcher.MailsToAsync(customer.Email)).Subject);
    }
}
