using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Contracts.Catalog;
using Rosa.Contracts.Orders;
using Rosa.Contracts.Payments;
using Rosa.Contracts.Promotions;
using Rosa.Contracts.Users;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;
using Rosa.Testing;

namespace Rosa.Notifications.Tests;

/// <summary>Who is told of what, and how.</summary>
public sealed class ChannelTests : IAsyncLifetime
{
    MailCatcher catcher = null!;
    TestService provider = null!;
    Shop shop = null!;
    readonly ConcurrentQueue<JsonElement> messages = new();
    volatile bool providerFails;

    public async ValueTask InitializeAsync()
    {
        catcher = await MailCatcher.Shared;
        provider = await TestService.StartAsync(new Service("provider", Port: 0, _ => { }, app => app.MapPost("/messages", (JsonElement body) =>
        {
            if (providerFails) return Results.StatusCode(500);
            messages.Enqueue(body);
            return Results.Ok();
        }).For(Access.Anyone), Calls: [])
        { Assembly = typeof(ChannelTests).Assembly });
        shop = await Shop.OpenAsync(catcher.SmtpPort, more: new() { ["Notifications:Sms:Url"] = new Uri(provider.HttpAddress, "/messages").AbsoluteUri });
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await provider.DisposeAsync();
    }

    async Task<UserCreated> KnownAsync(string language = "fr", string? phone = null, bool wantsToHear = true)
    {
        var customer = Shop.Somebody(language);
        await shop.TellAsync(customer);
        await shop.TellAsync(new UserUpdated(customer.UserId, customer.Email, customer.FirstName, "Exemple", null, wantsToHear, DateTimeOffset.UtcNow) { Language = language, Phone = phone });
        for (var wait = 0; wait < 1_500 && (await shop.LogAsync($"?userId={customer.UserId}&channel=email&outcome={(wantsToHear ? "SENT" : "LOGGED")}")).Total == 0 && wantsToHear; wait++) await Task.Delay(20);
        return customer;
    }

    async Task<Page> ToldAsync(Guid userId, string query, int count)
    {
        var page = await shop.LogAsync($"?userId={userId}&{query}");
        for (var wait = 0; wait < 1_500 && page.Total < count; wait++)
        {
            await Task.Delay(20);
            page = await shop.LogAsync($"?userId={userId}&{query}");
        }
        Assert.Equal(count, page.Total);
        return page;
    }

    [Fact]
    public async Task Of_an_order_that_was_never_paid_no_money_is_told()
    {
        var customer = await KnownAsync("en", phone: null);
        var order = Guid.CreateVersion7();
        await shop.TellAsync(new OrderCancelled(order, customer.UserId, "The card was declined.", 0m, DateTimeOffset.UtcNow));

        await ToldAsync(customer.UserId, $"orderId={order}&channel=email&outcome=SENT", 1);
        var mail = Assert.Single(await catcher.MailsToAsync(customer.Email), mail => mail.Subject == "Your order is cancelled");
        Assert.Contains($"Your order {order} is cancelled: The card was declined.", mail.Text);
        Assert.DoesNotContain("€", mail.Text);
    }

    [Fact]
    public async Task Every_step_of_an_order_is_told_by_mail_and_in_the_shop_and_the_shipment_by_sms_too()
    {
        var customer = await KnownAsync("en", "+33612345678");
        var order = Shop.OrderOf(customer.UserId);
        var now = DateTimeOffset.UtcNow;
        await shop.TellAsync(order);
        await shop.TellAsync(new OrderProcessing(order.OrderId, customer.UserId, now));
        await shop.TellAsync(new OrderShipped(order.OrderId, customer.UserId, "DHL", "1Z999", now));
        await shop.TellAsync(new OrderDelivered(order.OrderId, customer.UserId, now));
        await shop.TellAsync(new OrderCancelled(order.OrderId, customer.UserId, "<lost>", 1234.50m, now));
        await shop.TellAsync(new PaymentRefunded(Guid.CreateVersion7(), order.OrderId, 1234.50m, "EUR", "lost", now));

        var mails = await ToldAsync(customer.UserId, $"orderId={order.OrderId}&channel=email&outcome=SENT", 6);
        Assert.Equal(
            ["OrderCancelled", "OrderCreated", "OrderDelivered", "OrderProcessing", "OrderShipped", "PaymentRefunded"], mails.Notifications.Select(entry => entry.Event).Order());
        await ToldAsync(customer.UserId, $"orderId={order.OrderId}&channel=in-app&outcome=SENT", 6);
        var caught = await catcher.MailsToAsync(customer.Email);
        Assert.Contains("tracking number 1Z999", Assert.Single(caught, mail => mail.Subject == "Your order is on its way").Text);
        var cancelled = Assert.Single(caught, mail => mail.Subject == "Your order is cancelled");
        Assert.Contains("is cancelled: <lost>. You get €1,234.50 back.", cancelled.Text);
        Assert.Contains("&lt;lost&gt;", cancelled.Html);
        Assert.Contains(caught, mail => mail.Subject == "Your refund: €1,234.50");

        await ToldAsync(customer.UserId, "channel=sms&outcome=SENT", 1);
        var sms = Assert.Single(messages);
        Assert.Equal(("+33612345678", "Mamie Rosa: your order is on its way with DHL, tracking 1Z999."), (sms.GetProperty("to").GetString(), sms.GetProperty("text").GetString()));

        var own = await shop.ListAsync(TestTokens.Shared.Customer(customer.UserId));
        Assert.Equal(7, own.Total);
        Assert.All(own.Notifications, entry => Assert.Equal("in-app", entry.Channel));
        Assert.Contains("1Z999", Assert.Single(own.Notifications, entry => entry.Event == "OrderShipped").Text);
    }

    [Fact]
    public async Task Without_a_phone_number_the_sms_is_logged_and_a_provider_that_is_down_is_tried_again()
    {
        var without = await KnownAsync();
        await shop.TellAsync(new OrderShipped(Guid.CreateVersion7(), without.UserId, "DHL", "1Z111", DateTimeOffset.UtcNow));
        Assert.Contains("1Z111", (await ToldAsync(without.UserId, "channel=sms&outcome=LOGGED", 1)).Notifications[0].Subject);

        providerFails = true;
        var customer = await KnownAsync(phone: "+33612345678");
        await shop.TellAsync(new OrderShipped(Guid.CreateVersion7(), customer.UserId, "DHL", "1Z222", DateTimeOffset.UtcNow));
        for (var wait = 0; wait < 1_500 && (await shop.LogAsync($"?userId={customer.UserId}&channel=sms")).Notifications.SingleOrDefault()?.Error is null; wait++) await Task.Delay(20);
        Assert.Empty(messages);
        providerFails = false;
        await ToldAsync(customer.UserId, "channel=sms&outcome=SENT", 1);
        Assert.Single(messages);
    }

    [Fact]
    public async Task A_payment_that_failed_is_told_to_the_customer_of_its_order_whichever_is_heard_of_first()
    {
        var customer = await KnownAsync("en");
        var orderId = Guid.CreateVersion7();
        await shop.TellAsync(new PaymentFailed(Guid.CreateVersion7(), orderId, 12m, "EUR", "DECLINED", DateTimeOffset.UtcNow));
        await shop.LogWithAsync($"?orderId={orderId}", ["PENDING", "PENDING"]);
        await shop.TellAsync(new OrderCancelled(orderId, customer.UserId, "payment declined", 0m, DateTimeOffset.UtcNow));
        await ToldAsync(customer.UserId, $"orderId={orderId}&event=OrderCancelled&channel=email&outcome=SENT", 1);
        shop.Clock.Advance(TimeSpan.FromMinutes(5));
        await shop.Service.Services.GetRequiredService<SendNotifications>().RunOnceAsync(default);
        shop.Clock.Advance(-TimeSpan.FromMinutes(5));
        await ToldAsync(customer.UserId, $"orderId={orderId}&event=PaymentFailed&outcome=SENT", 2);
        Assert.Contains("€12.00", Assert.Single(await catcher.MailsToAsync(customer.Email), mail => mail.Subject == "Your payment did not go through").Text);
    }

    [Fact]
    public async Task A_promotion_is_told_once_to_everybody_who_wants_to_hear_of_it_and_to_nobody_else()
    {
        var willing = new List<UserCreated>();
        for (var i = 0; i < 3; i++) willing.Add(await KnownAsync(i == 0 ? "en" : "fr"));
        var unwilling = await KnownAsync(wantsToHear: false);
        var id = Guid.CreateVersion7();
        var promo = new PromoCreated("NOEL10", 12.5m, null, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(7), Automatic: false);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => shop.TellAsync(promo, id)));
        foreach (var customer in willing)
        {
            await ToldAsync(customer.UserId, "event=PromoCreated&channel=email&outcome=SENT", 1);
            await ToldAsync(customer.UserId, "event=PromoCreated&channel=in-app&outcome=SENT", 1);
        }
        Assert.Equal(6, (await shop.LogAsync("?event=PromoCreated")).Total);
        Assert.Equal(0, (await shop.LogAsync($"?event=PromoCreated&userId={unwilling.UserId}")).Total);
        Assert.Contains(await catcher.MailsToAsync(willing[0].Email), mail => mail.Subject == "12.5% off at Mamie Rosa's");
        Assert.Contains(await catcher.MailsToAsync(willing[1].Email), mail => mail.Subject == "12,5\u00a0% de remise chez Mamie Rosa" && mail.Text.Contains("NOEL10"));
    }

    [Fact]
    public async Task What_does_not_agree_and_what_runs_out_is_told_to_those_who_work_here()
    {
        var customer = await KnownAsync("en");
        var employee = await KnownAsync("en", wantsToHear: false);
        await shop.TellAsync(new UserUpdated(employee.UserId, employee.Email, "Grace", "Exemple", null, false, DateTimeOffset.UtcNow) { Role = "employee" });
        for (var wait = 0; wait < 1_500 && !await IsStaffAsync(employee.UserId); wait++) await Task.Delay(20);
        await shop.TellAsync(new ReconciliationFound(
            Guid.CreateVersion7(), [new ReconciliationFinding("X", "<order>", "a", Mended: true), new ReconciliationFinding("Y", "product", "b", Mended: false)], DateTimeOffset.UtcNow));
        await ToldAsync(employee.UserId, "event=ReconciliationFound&channel=email&outcome=SENT", 1);
        var mail = Assert.Single(await catcher.MailsToAsync(employee.Email), mail => mail.Subject == "Reconciliation: 2 disagreement(s), 1 to look at");
        Assert.Contains("X <order>: a (mended)\nY product: b", mail.Text);
        await shop.TellAsync(new StockLow(Guid.CreateVersion7(), "Croquettes & co", 3, 5, DateTimeOffset.UtcNow));
        await ToldAsync(employee.UserId, "event=StockLow&channel=email&outcome=SENT", 1);
        Assert.Contains("There are 3 × Croquettes & co left", Assert.Single(await catcher.MailsToAsync(employee.Email), mail => mail.Subject == "Low stock: Croquettes & co").Text);
        Assert.Equal(0, (await shop.LogAsync($"?userId={customer.UserId}&event=ReconciliationFound")).Total);
    }

    async Task<bool> IsStaffAsync(Guid userId)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(shop.Service.ConnectionString);
        await using var command = source.CreateCommand("select exists (select from recipients where user_id = $1 and role <> 'customer')");
        command.Parameters.Add(new() { Value = userId });
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    [Fact]
    public async Task An_announcement_that_was_interrupted_goes_on_and_tells_everybody_once()
    {
        await using (var source = Npgsql.NpgsqlDataSource.Create(shop.Service.ConnectionString))
        await using (var many = source.CreateCommand(
            """
            insert into recipients (user_id, email, first_name, language, notifications_enabled)
            select gen_random_uuid(), 'nobody@shop.invalid', 'Nobody', 'fr', false from generate_series(1, 100);
            insert into recipients (user_id, email, first_name, language, role)
            select gen_random_uuid(), 'somebody@shop.invalid', 'Somebody', 'fr', 'customer' from generate_series(1, 1200)
            """)) await many.ExecuteNonQueryAsync();
        await using var other = await Shop.OpenAsync(connectionString: shop.Service.ConnectionString);
        await shop.TellAsync(new PromoCreated("MANY", 5m, null, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(7), Automatic: false));
        for (var wait = 0; wait < 1_500 && (await shop.LogAsync("?event=PromoCreated&channel=in-app")).Total < 1200; wait++) await Task.Delay(20);
        Assert.Equal(1200, (await shop.LogAsync("?event=PromoCreated&channel=in-app")).Total);
        Assert.Equal(1200, (await shop.LogAsync("?event=PromoCreated&channel=email")).Total);
    }

    [Fact]
    public async Task The_mails_with_links_carry_a_secret_that_is_kept_nowhere()
    {
        var customer = await KnownAsync("en");
        await shop.TellAsync(new PasswordResetRequested(customer.UserId, DateTimeOffset.UtcNow));
        await shop.TellAsync(new EmailVerificationRequested(customer.UserId, DateTimeOffset.UtcNow));
        await ToldAsync(customer.UserId, "channel=email&outcome=SENT", 3);

        var mails = await catcher.MailsToAsync(customer.Email);
        foreach (var (subject, purpose) in new[] { ("Welcome to Mamie Rosa's", "verify-email"), ("Choose a new password", "reset-password"), ("Confirm your address", "verify-email") })
        {
            var mail = Assert.Single(mails, mail => mail.Subject == subject);
            var secret = Assert.Single(shop.LinkSecrets, secret => mail.Text.Contains(secret));
            Assert.Contains($"https://shop.example/account/{purpose}?token={secret}", mail.Text);
            Assert.Contains($"<a href=\"https://shop.example/account/{purpose}?token={secret}\">", mail.Html);
        }

        await using var source = Npgsql.NpgsqlDataSource.Create(shop.Service.ConnectionString);
        foreach (var secret in shop.LinkSecrets)
        {
            await using var search = source.CreateCommand("select (select count(*) from notifications n where n::text like '%' || $1 || '%') + (select count(*) from inbox i where i::text like '%' || $1 || '%')");
            search.Parameters.Add(new() { Value = secret });
            Assert.Equal(0L, await search.ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task Of_a_deleted_user_the_log_keeps_rows_without_a_name_and_what_is_heard_later_is_told_to_nobody()
    {
        var customer = await KnownAsync(phone: "+33612345678");
        var order = Shop.OrderOf(customer.UserId);
        await shop.TellAsync(order);
        await ToldAsync(customer.UserId, "event=OrderCreated&channel=email&outcome=SENT", 1);
        var before = (await catcher.MailsToAsync(customer.Email)).Count;

        await shop.TellAsync(new UserDeleted(customer.UserId));
        for (var wait = 0; wait < 1_500 && (await shop.LogAsync($"?userId={customer.UserId}")).Total > 0; wait++) await Task.Delay(20);
        await shop.TellAsync(new OrderCancelled(order.OrderId, customer.UserId, "gone", 0m, DateTimeOffset.UtcNow));
        await shop.TellAsync(new UserUpdated(customer.UserId, customer.Email, "Late", "Late", null, true, DateTimeOffset.UtcNow));
        var afterwards = await KnownAsync();

        Assert.Equal(0, (await shop.LogAsync($"?userId={customer.UserId}")).Total);
        Assert.Equal(0, (await shop.LogAsync($"?orderId={order.OrderId}")).Total);
        var log = await shop.LogAsync("?channel=email&limit=100");
        Assert.Equal(2, log.Notifications.Count(entry => entry is { UserId: null, OrderId: null, Subject: "", Outcome: "SENT" }));
        Assert.Equal(before, (await catcher.MailsToAsync(customer.Email)).Count);
        await using var source = Npgsql.NpgsqlDataSource.Create(shop.Service.ConnectionString);
        await using var search = source.CreateCommand(
            "select (select count(*) from notifications n where n::text like '%' || $1 || '%') + (select count(*) from recipients r where r::text like '%' || $2 || '%' or r::text like '%Late%') + (select count(*) from inbox i where i.envelope like '%' || $2 || '%')");
        search.Parameters.Add(new() { Value = customer.UserId.ToString() });
        search.Parameters.Add(new() { Value = customer.Email });
        Assert.Equal(0L, await search.ExecuteScalarAsync());
        Assert.NotEqual(customer.UserId, afterwards.UserId);
    }

    [Fact]
    public async Task A_person_gets_all_that_is_held_about_them_here()
    {
        var customer = await KnownAsync("en", "+33612345678");
        using var client = shop.Service.Client(TestTokens.Shared.Service("users"));
        using var response = await client.PostAsJsonAsync(PersonalData.Route, new PersonalDataRequest(customer.UserId, []));
        var part = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(customer.Email, part.GetProperty("recipient").GetProperty("email").GetString());
        Assert.Equal(2, part.GetProperty("notifications").GetArrayLength());
        using var own = shop.Service.Client(TestTokens.Shared.Customer(customer.UserId));
        Assert.Equal(HttpStatusCode.Forbidden, (await own.PostAsJsonAsync(PersonalData.Route, new PersonalDataRequest(customer.UserId, []))).StatusCode);
    }

    [Fact]
    public async Task What_failed_is_sent_again_by_an_employee_and_nothing_else_is()
    {
        await using var lonely = await Shop.OpenAsync(FreePorts.One());
        var customer = Shop.Somebody();
        await lonely.TellAsync(customer);
        await lonely.LogWithAsync("PENDING");
        for (var round = 0; round < 60 && (await lonely.LogAsync("?channel=email")).Notifications[0].Outcome == "PENDING"; round++)
        {
            lonely.Clock.Advance(TimeSpan.FromMinutes(6));
            await lonely.Service.Services.GetRequiredService<SendNotifications>().RunOnceAsync(default);
        }
        var failed = (await lonely.LogWithAsync("FAILED")).Notifications[0];
        Assert.NotNull(failed.Error);
        await lonely.Service.DisposeAsync();

        await using var again = await Shop.OpenAsync(catcher.SmtpPort, lonely.Service.ConnectionString);
        using var employee = again.Service.Client(TestTokens.Shared.Employee());
        Assert.Equal(HttpStatusCode.Accepted, (await employee.PostAsync($"/api/notifications/log/{failed.NotificationId}/send-again", null)).StatusCode);
        await again.LogWithAsync("SENT");
        Assert.Single(await catcher.MailsToAsync(customer.Email));
        Assert.Equal(HttpStatusCode.Conflict, (await employee.PostAsync($"/api/notifications/log/{failed.NotificationId}/send-again", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await employee.PostAsync($"/api/notifications/log/{Guid.NewGuid()}/send-again", null)).StatusCode);
        using var somebody = again.Service.Client(TestTokens.Shared.Customer(customer.UserId));
        Assert.Equal(HttpStatusCode.Forbidden, (await somebody.PostAsync($"/api/notifications/log/{failed.NotificationId}/send-again", null)).StatusCode);
    }
}
