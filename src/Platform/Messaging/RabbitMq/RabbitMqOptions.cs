using System.ComponentModel.DataAnnotations;

namespace Rosa.Platform.Messaging.RabbitMq;

/// <summary>Section <c>RabbitMq</c>. Without an address events stay in the process.</summary>
public sealed class RabbitMqOptions
{
    /// <summary>Where the broker is, with user, password and virtual host: <c>amqp://rosa:secret@broker:5672/rosa</c>; <c>amqps</c> for TLS. Several are tried in turn, separated by blanks.</summary>
    public string? Address { get; init; }

    /// <summary>
    /// Services, separated by blanks or commas, that must have said what they listen to before anything is published: a broker keeps nothing for who it does not know.
    /// Their queues stay, so that it matters once for each new broker. Default none.
    /// </summary>
    public string? Listeners { get; init; }

    /// <summary>How many events of a queue a consumer holds that are not yet in its database. Default 500.</summary>
    [Range(1, 10_000)]
    public ushort Prefetch { get; init; } = 500;

    /// <summary>How long the broker may take to confirm a batch of events, or to answer at all. Default 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(15);

    internal IReadOnlyList<string> ListenerNames => (Listeners ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
}
