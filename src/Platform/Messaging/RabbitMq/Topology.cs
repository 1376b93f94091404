using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Rosa.Platform.Messaging.RabbitMq;

/// <summary>
/// What there is in the broker. One durable topic exchange takes all events; a durable quorum queue for each consuming service and event has what that
/// service has yet to hear; and a queue a service keeps what could not even be read.
/// </summary>
/// <remarks>
/// <code>
/// outbox → rosa.events ─ orders.OrderCreated ─→ notifications.orders.OrderCreated ─→ arrivals → inbox of notifications
///        → rosa.batches ─ orders ─────────────→ (all of notifications.orders.*)
///                                                   └ unreadable → rosa.dead ─ notifications ─→ notifications.dead
/// </code>
/// <c>rosa.batches</c> carries the ends of the sender's batches, into every queue that has its events: see <see cref="Arrivals"/>.
/// One instance of a service consumes a queue at a time and another takes over when it leaves, so that what is in a queue is received in order.
/// Declaring what is there already changes nothing, so that everyone declares what they need.
/// </remarks>
static class Topology
{
    public const string Events = "rosa.events", Batches = "rosa.batches", Dead = "rosa.dead";

    /// <summary>Practically none: an event is not dead because whoever had it was ended often. (Newer brokers have a limit of 20 of their own.)</summary>
    const int DeliveryLimit = 1_000_000;

    public static string Queue(string service, string routingKey) => $"{service}.{routingKey}";

    public static string DeadQueue(string service) => $"{service}.dead";

    /// <summary>Who tells the events with this key.</summary>
    public static string Source(string routingKey) => routingKey[..routingKey.IndexOf('.', StringComparison.Ordinal)];

    public static async Task DeclareExchangesAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(Events, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(Batches, ExchangeType.Direct, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(Dead, ExchangeType.Direct, durable: true, autoDelete: false, cancellationToken: cancellationToken);
    }

    public static async Task DeclareQueuesAsync(IChannel channel, string service, IReadOnlyCollection<string> routingKeys, CancellationToken cancellationToken)
    {
        await DeclareExchangesAsync(channel, cancellationToken);
        foreach (var routingKey in routingKeys)
        {
            await DeclareQueueAsync(channel, Queue(service, routingKey), new()
            {
                ["x-single-active-consumer"] = true,
                ["x-delivery-limit"] = DeliveryLimit,
                ["x-dead-letter-exchange"] = Dead,
                ["x-dead-letter-routing-key"] = service,
                ["x-dead-letter-strategy"] = "at-least-once",
                ["x-overflow"] = "reject-publish",   // that strategy asks for it; there is no limit to overflow
            }, cancellationToken);
        }
        // The ends of batches are bound before any event: the end of whatever batch an event comes with then reaches all queues.
        foreach (var routingKey in routingKeys)
            await channel.QueueBindAsync(Queue(service, routingKey), Batches, Source(routingKey), cancellationToken: cancellationToken);
        foreach (var routingKey in routingKeys)
            await channel.QueueBindAsync(Queue(service, routingKey), Events, routingKey, cancellationToken: cancellationToken);

        // The last, because it tells senders that this service listens.
        await DeclareQueueAsync(channel, DeadQueue(service), [], cancellationToken);
        await channel.QueueBindAsync(DeadQueue(service), Dead, service, cancellationToken: cancellationToken);
    }

    /// <summary>Throws while one of these services has not yet declared what it listens to.</summary>
    public static async Task AllListenAsync(IConnection connection, IReadOnlyList<string> services, CancellationToken cancellationToken)
    {
        foreach (var service in services)
        {
            await using var asking = await connection.CreateChannelAsync(cancellationToken: cancellationToken);   // a refusal ends it
            try
            {
                await asking.QueueDeclarePassiveAsync(DeadQueue(service), cancellationToken);
            }
            catch (OperationInterruptedException refused) when (refused.ShutdownReason?.ReplyCode == 404)
            {
                throw new InvalidOperationException($"Events wait until {service} has said what it listens to; it must connect to the broker once.");
            }
        }
    }

    static Task DeclareQueueAsync(IChannel channel, string queue, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        arguments["x-queue-type"] = "quorum";
        return channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
    }
}
