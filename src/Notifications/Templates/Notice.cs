using System.Text.Json;
using Rosa.Contracts;
using Rosa.Platform.Messaging;

namespace Rosa.Notifications.Templates;

/// <summary>The ways in which people are told.</summary>
static class Channel
{
    public const string Email = "email";
    public const string Sms = "sms";

    /// <summary>In the shop itself: <c>GET /api/notifications</c>.</summary>
    public const string InApp = "in-app";
}

/// <summary>What templates may say of the shop.</summary>
sealed record Shop(string Name, Uri Address, string Currency)
{
    public string Url(string path) => new Uri(Address, path).AbsoluteUri;
}

/// <param name="UserId">Null when the event names only the order.</param>
readonly record struct Concerned(Guid? UserId, Guid? OrderId);

/// <summary>How an event is told.</summary>
/// <param name="Required">Told also to customers who turned notifications off, because the law or the order asks for it.</param>
/// <param name="Read">The event in an envelope's data; what the other two are given.</param>
/// <param name="Concerns">Whom it concerns; nobody in particular when it is told to all customers or to the staff.</param>
/// <param name="ValuesOf">The values of the event's placeholders, in a language.</param>
/// <param name="Sample">An event for previews; the placeholders that there are, are those that it has.</param>
/// <param name="LinkPurpose">The one-time link that its mail may carry as <c>{{link.url}}</c>: <c>verify-email</c> or <c>reset-password</c>.</param>
sealed record Notice(
    string Event, bool Required, Func<JsonElement, object> Read, Func<object, Concerned> Concerns, Func<object, string, Shop, Dictionary<string, Value>> ValuesOf, object Sample,
    IReadOnlyDictionary<(string Channel, string Language), Template> Defaults, string? LinkPurpose)
{
    /// <summary>What one-time links are called in templates.</summary>
    public const string Link = "link.url";

    public static readonly string[] Languages = ["fr", "en"];

    public IReadOnlyList<string> Channels { get; } = [.. Defaults.Keys.Select(key => key.Channel).Distinct()];

    public static Notice Of<TEvent>(
        bool required, Func<TEvent, Concerned> concerns, Func<TEvent, string, Shop, Dictionary<string, Value>> values, TEvent sample,
        Dictionary<(string, string), Template> defaults, string? linkPurpose = null) where TEvent : IEvent => new(
            TEvent.Type.Name, required, data => data.Deserialize<TEvent>(EventEnvelope.Json)!, happened => concerns((TEvent)happened),
            (happened, language, shop) => values((TEvent)happened, language, shop), sample, defaults, linkPurpose);

    /// <summary>The values of an event's placeholders, those that all notices have included.</summary>
    public Dictionary<string, Value> Values(object happened, string language, Shop shop)
    {
        var values = ValuesOf(happened, language, shop);
        values["shop.name"] = shop.Name;
        values["shop.url"] = Value.Link(shop.Address.AbsoluteUri);
        return values;
    }

    /// <summary>The placeholders that a template of this channel may use. The name and the link are known only when a mail is written.</summary>
    public IReadOnlyList<string> PlaceholdersOf(string channel, Shop shop)
    {
        IEnumerable<string> names = Values(Sample, "fr", shop).Keys;
        if (channel == Channel.Email) names = names.Append("customer.firstName");
        if (channel == Channel.Email && LinkPurpose is not null) names = names.Append(Link);
        return [.. names.Order(StringComparer.Ordinal)];
    }
}
