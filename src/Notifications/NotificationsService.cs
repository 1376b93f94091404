using System.Net.Mail;
using Rosa.Contracts.Catalog;
using Rosa.Contracts.Orders;
using Rosa.Contracts.Payments;
using Rosa.Contracts.Promotions;
using Rosa.Contracts.Users;
using Rosa.Notifications.Templates;
using Rosa.Platform.Audit;
using Rosa.Platform.Identity;
using Rosa.Platform.Messaging;
using Rosa.Platform.Timeline;

namespace Rosa.Notifications;

/// <summary>What happened in the shop, told to the people it concerns, and a log of what was told.</summary>
public static class NotificationsService
{
    public static void AddNotifications(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var section = builder.Configuration.GetSection("Notifications");
        services.AddOptions<NotificationsOptions>().Bind(section)
            .Validate(options => MailAddress.TryCreate(options.From, out _), "Notifications:From is a mail address: Mamie Rosa <hello@shop.example>.")
            .Validate(options => options.ShopAddress is { IsAbsoluteUri: true, Scheme: "http" or "https" }, "Notifications:ShopAddress is an address: https://shop.example.")
            .Validate(options => options.Smtp.Port is > 0 and < 65_536, "Notifications:Smtp:Port is a port.")
            .Validate(options => options.Smtp.AtOnce is >= 1 and <= 50, "Notifications:Smtp:AtOnce is 1 to 50.")
            .Validate(options => options.Smtp.Timeout > TimeSpan.Zero && options.Smtp.Timeout <= TimeSpan.FromMinutes(1), "Notifications:Smtp:Timeout is up to a minute.")
            .Validate(options => options.Sms.Url is null or { IsAbsoluteUri: true, Scheme: "http" or "https" }, "Notifications:Sms:Url is an address.")
            .Validate(options => options.Sms.Timeout > TimeSpan.Zero && options.Sms.Timeout <= TimeSpan.FromMinutes(1), "Notifications:Sms:Timeout is up to a minute.")
            .Validate(options => options.RecipientWait > TimeSpan.Zero && options.KeptFor > options.RecipientWait, "Notifications:KeptFor is longer than RecipientWait, and both are longer than nothing.")
            .ValidateOnStart();
        services.AddValidation();

        if (section.GetValue<string>("Smtp:Host") is { Length: > 0 }) services.AddSingleton<IMailer, SmtpMailer>();
        else services.AddSingleton<IMailer, NoMailer>();
        if (section.GetValue<string>("Sms:Url") is { Length: > 0 }) services.AddSingleton<ISmsSender, HttpSmsSender>();
        else services.AddSingleton<ISmsSender, NoSmsSender>();
        services.AddSingleton<Notices>();
        services.AddSingleton<OneTimeLinks>();
        services.AddSingleton<WriteNotifications>();
        services.AddSingleton<SendNotifications>();
        services.AddHostedService(provider => provider.GetRequiredService<SendNotifications>());
        services.AddSingleton<Announce>();
        services.AddHostedService(provider => provider.GetRequiredService<Announce>());
        services.AddSingleton<ForgetOldNotifications>();
        services.AddHostedService(provider => provider.GetRequiredService<ForgetOldNotifications>());
        AddEvents(services);
    }

    static void AddEvents(IServiceCollection services)
    {
        services.AddEventHandler<UserCreated, WelcomeWhenUserCreated>();
        services.AddEventHandler<UserUpdated, UpdateRecipientWhenUserUpdated>();
        services.AddEventHandler<UserDeleted, ForgetRecipientWhenUserDeleted>();
        services.AddEventHandler<EmailVerificationRequested, TellCustomerWhen<EmailVerificationRequested>>();
        services.AddEventHandler<PasswordResetRequested, TellCustomerWhen<PasswordResetRequested>>();
        services.AddEventHandler<OrderCreated, TellCustomerWhen<OrderCreated>>();
        services.AddEventHandler<OrderCancelled, TellCustomerWhen<OrderCancelled>>();
        services.AddEventHandler<OrderProcessing, TellCustomerWhen<OrderProcessing>>();
        services.AddEventHandler<OrderShipped, TellCustomerWhen<OrderShipped>>();
        services.AddEventHandler<OrderDelivered, TellCustomerWhen<OrderDelivered>>();
        services.AddEventHandler<PaymentFailed, TellCustomerWhen<PaymentFailed>>();
        services.AddEventHandler<PaymentRefunded, TellCustomerWhen<PaymentRefunded>>();
        services.AddEventHandler<PromoCreated, TellCustomersWhen<PromoCreated>>();
        services.AddEventHandler<StockLow, TellStaffWhen<StockLow>>();
        services.AddEventHandler<ReconciliationFound, TellStaffWhen<ReconciliationFound>>();
    }

    public static void MapNotifications(WebApplication app)
    {
        app.MapOrderTimeline(
            """
            select coalesce(sent_at, created_at) as at, 'message' as kind, event || ' by ' || channel || ': ' || lower(outcome) || coalesce(' (' || error || ')', '') as what, null as trace_id
            from notifications where order_id = $1
            """);

        var notifications = app.MapGroup("/api/notifications").WithTags("Notifications").For(Access.SignedIn).ProducesProblem(401);
        notifications.MapGet("", ListOwnNotifications.Handle).WithName("ListNotifications").WithSummary("What the caller was told in the shop, newest first").ProducesProblem(400);
        notifications.MapPost("/{id:guid}/read", ReadNotification.Handle).WithName("ReadNotification").WithSummary("Marks one of the caller's own as read; repeating is harmless").ProducesProblem(404);

        var log = notifications.MapGroup("/log").For(Access.Employee).ProducesProblem(403);
        log.MapGet("", ListNotificationLog.Handle).WithName("NotificationLog").WithSummary("What was sent to whom, when, by which channel, and what came of it; newest first").ProducesProblem(400);
        log.MapPost("/{id:guid}/send-again", SendAgain.Handle).WithName("SendNotificationAgain").WithSummary("Gives a notification that failed its tries once more").ProducesProblem(404).ProducesProblem(409);

        var templates = notifications.MapGroup("/templates").WithTags("Templates").For(Access.Employee).ProducesProblem(403);
        const string one = "/{event}/{channel}/{language}";
        templates.MapGet("", ReadTemplates.List).WithName("ListTemplates").WithSummary("All templates, with their placeholders").ProducesProblem(400);
        templates.MapGet(one, ReadTemplates.One).WithName("GetTemplate").WithSummary("A template; its ETag goes into If-Match").ProducesProblem(404);
        templates.MapPut(one, ChangeTemplate.Put).WithName("ChangeTemplate").WithSummary("Writes a template; wants the ETag that was read in If-Match, or none to write over whatever there is")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(412);
        templates.MapDelete(one, ChangeTemplate.Delete).WithName("ResetTemplate").WithSummary("Returns to the default, and answers it").ProducesProblem(404).ProducesProblem(412);
        templates.MapPost(one + "/preview", ChangeTemplate.Preview).NotAudited().WithName("PreviewTemplate").WithSummary("What this template would say of an example; nothing is stored").ProducesProblem(400).ProducesProblem(404);

        app.MapPost(PersonalData.Route, GetPersonalData.Handle).For(Access.Service).ExcludeFromDescription();
    }
}
