using System.Net.Mail;
using Rosa.Contracts.Orders;
using Rosa.Contracts.Users;
using Rosa.Platform.Identity;
using Rosa.Platform.Messaging;

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
            .Validate(options => options.Smtp.Port is > 0 and < 65_536, "Notifications:Smtp:Port is a port.")
            .Validate(options => options.Smtp.AtOnce is >= 1 and <= 50, "Notifications:Smtp:AtOnce is 1 to 50.")
            .Validate(options => options.Smtp.Timeout > TimeSpan.Zero && options.Smtp.Timeout <= TimeSpan.FromMinutes(1), "Notifications:Smtp:Timeout is up to a minute.")
            .Validate(options => options.RecipientWait > TimeSpan.Zero && options.KeptFor > options.RecipientWait, "Notifications:KeptFor is longer than RecipientWait, and both are longer than nothing.")
            .ValidateOnStart();
        services.AddValidation();

        if (section.GetValue<string>("Smtp:Host") is { Length: > 0 }) services.AddSingleton<IMailer, SmtpMailer>();
        else services.AddSingleton<IMailer, LogOnly>();
        services.AddSingleton<SendNotifications>();
        services.AddHostedService(provider => provider.GetRequiredService<SendNotifications>());
        services.AddSingleton<ForgetOldNotifications>();
        services.AddHostedService(provider => provider.GetRequiredService<ForgetOldNotifications>());

        services.AddEventHandler<UserCreated, WelcomeWhenUserCreated>();
        services.AddEventHandler<UserUpdated, UpdateRecipientWhenUserUpdated>();
        services.AddEventHandler<OrderCreated, MailSummaryWhenOrderCreated>();
    }

    public static void MapNotifications(WebApplication app)
    {
        var notifications = app.MapGroup("/api/notifications").WithTags("Notifications").For(Access.SignedIn).ProducesProblem(401);
        notifications.MapGet("", ListNotifications.Own).WithName("ListNotifications").WithSummary("The caller's own, newest first").ProducesProblem(400);
        notifications.MapPost("/{id:guid}/read", ReadNotification.Handle).WithName("ReadNotification").WithSummary("Marks one of the caller's own as read; repeating is harmless").ProducesProblem(404);
        notifications.MapGet("/log", ListNotifications.Log).For(Access.Employee).WithName("NotificationLog").WithSummary("What was sent to whom, when, and what came of it; newest first")
            .ProducesProblem(400).ProducesProblem(403);
    }
}
