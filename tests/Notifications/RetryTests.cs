using Microsoft.Extensions.DependencyInjection;
using Rosa.Testing;

namespace Rosa.Notifications.Tests;

public sealed class RetryTests
{
    [Fact]
    public async Task A_mail_that_cannot_be_handed_over_fails_after_five_tries()
    {
        await using var shop = await Shop.OpenAsync(smtpPort: FreePorts.One());
        await shop.TellAsync(Shop.Somebody());
        await shop.LogWithAsync("PENDING");
        for (var round = 0; round < 60 && (await shop.LogAsync("?channel=email")).Notifications[0].Outcome == "PENDING"; round++)
        {
            shop.Clock.Advance(TimeSpan.FromMinutes(6));
            await shop.Service.Services.GetRequiredService<SendNotifications>().RunOnceAsync(default);
        }
        var entry = (await shop.LogWithAsync("FAILED")).Notifications[0];
        Assert.Null(entry.SentAt);

        await using var source = Npgsql.NpgsqlDataSource.Create(shop.Service.ConnectionString);
        await using var command = source.CreateCommand("select attempts from notifications where data is not null and error is not null");
        Assert.Equal(5, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_mail_server_that_comes_back_gets_what_waited_for_it()
    {
        var catcher = await MailCatcher.Shared;
        var port = catcher.SmtpPort;
        await using var shop = await Shop.OpenAsync(smtpPort: FreePorts.One());
        var customer = Shop.Somebody();
        await shop.TellAsync(customer);
        await shop.LogWithAsync("PENDING");
        var connectionString = shop.Service.ConnectionString;
        await shop.Service.DisposeAsync();

        // The service starts anew on its database, and this time the mail server is there.
        await using var again = await Shop.OpenAsync(port, connectionString);
        again.Clock.Advance(TimeSpan.FromMinutes(10));
        await again.LogWithAsync("SENT");
        Assert.Single(await catcher.MailsToAsync(customer.Email));
    }

    [Fact]
    public async Task Several_instances_send_every_mail_once()
    {
        var catcher = await MailCatcher.Shared;
        await using var one = await Shop.OpenAsync(catcher.SmtpPort);
        await using var two = await Shop.OpenAsync(catcher.SmtpPort, one.Service.ConnectionString);
        var customers = Enumerable.Range(0, 60).Select(_ => Shop.Somebody()).ToList();
        await Task.WhenAll(customers.Select(customer => one.TellAsync(customer)));
        for (var attempt = 0; attempt < 600 && (await one.LogAsync("?limit=100&channel=email")).Notifications.Count(entry => entry.Outcome == "SENT") < 60; attempt++) await Task.Delay(50);

        var addresses = customers.Select(customer => customer.Email).Order().ToList();
        Assert.Equal(addresses, (await catcher.MailsAsync()).Select(mail => mail.To).Where(addresses.Contains).Order());
    }
}
