using RabbitMQ.Client;

namespace Rosa.Platform.Messaging.RabbitMq;

/// <summary>
/// What there is in the broker. One durable topic exchange takes all events; a durable quorum queue for each consuming service and event has what that
/// service has yet to hear; and a queue a service keeps what could not even be read.
/// </summary>
/// <remarks>
/// <code>
/// outbox → rosa.events ─ orders.OrderCreated ─→ notifications.orders.OrderCreated ─→ inbox of notifications
///                                            └→ catalog.orders.OrderCreated ──────→ inbox of catalog
///                                                   └ unreadable, or delivered too often → rosa.dead → catalog.dead
/// </code>
/// One instance of a service consumes a queue at a time and another takes over when it leaves, so that events are received in order.
/// Declaring what is there already changes nothing, so that everyone declares what they need.
/// </remarks>
static class Topology
{
    public const string Events = "rosa.events", Dead = "rosa.dead";

    /// <summary>An event that went back to its queue so often, because whoever had it was gone each time, goes to the dead letters.</summary>
    const int DeliveryLimit = 20;

    public static string Queue(string service, string routingKey) => $"{service}.{routingKey}";

    public static string DeadQueue(string service) => $"{service}.dead";

    public static Task DeclareExchangeAsync(IChannel channel, CancellationToken cancellationToken) =>
        channel.ExchangeDeclareAsync(Events, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);

    public static async Task DeclareQueuesAsync(IChannel channel, string service, IEnumerable<string> routingKeys, CancellationToken cancellationToken)
    {
        await DeclareExchangeAsync(channel, cancellationToken);
        await channel.ExchangeDeclareAsync(Dead, ExchangeType.Direct, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await DeclareQueueAsync(channel, DeadQueue(service), [], cancellationToken);
        await channel.QueueBindAsync(DeadQueue(service), Dead, service, cancellationToken: cancellationToken);
        foreach (var routingKey in routingKeys)
        {
            var queue = Queue(service, routingKey);
            await DeclareQueueAsync(channel, queue, new()
            {
                ["x-single-active-consumer"] = true,
                ["x-delivery-limit"] = DeliveryLimit,
                ["x-dead-letter-exchange"] = Dead,
                ["x-dead-letter-routing-key"] = service,
            }, cancellationToken);
            await channel.QueueBindAsync(queue, Events, routingKey, cancellationToken: cancellationToken);
        }
    }

    static Task DeclareQueueAsync(IChannel channel, string queue, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        arguments["x-queue-type"] = "quorum";
        return channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
    }
}
