using System.Text.Json;
using Rosa.Contracts.Orders;
using Rosa.Contracts.Users;
using Rosa.Platform.Messaging;

namespace Rosa.Notifications.Templates;

/// <summary>What a mail says, twice: for programs that show HTML, and for those that do not.</summary>
sealed record MailContent(string Subject, string Text, string Html);

/// <summary>How an event is told by mail.</summary>
/// <param name="Required">Sent also to customers who turned notifications off, because the law or the order asks for it.</param>
/// <param name="Write">From the event's data, the recipient's first name and their language.</param>
sealed record MailTemplate(bool Required, Func<string, string, string, MailContent> Write)
{
    static readonly Dictionary<string, MailTemplate> all = new()
    {
        [nameof(UserCreated)] = new(Required: false, (_, firstName, language) => WelcomeMail.Write(firstName, language)),
        [nameof(OrderCreated)] = new(Required: true, (data, firstName, language) => OrderSummaryMail.Write(Read<OrderCreated>(data), firstName, language)),
    };

    public static MailTemplate For(string @event) => all[@event];

    static TEvent Read<TEvent>(string data) => JsonSerializer.Deserialize<TEvent>(data, EventEnvelope.Json)!;
}
