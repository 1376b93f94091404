using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Rosa.Platform.Messaging.RabbitMq;

/// <summary>
/// Moves events from this service's queues into its inbox, and acknowledges them to the broker when they are there. Retries, order and what is parked are
/// the inbox's affair; here is only what cannot be read at all put aside.
/// </summary>
public sealed partial class RabbitMqConsumer(RabbitMqTransport transport, RabbitMqOptions options, ILogger<RabbitMqConsumer> logger) : BackgroundService
{
    /// <summary>The entity's id, and where in the sender's order the event stands: the routing key and the envelope have everything else.</summary>
    internal const string SubjectHeader = "subject", PositionHeader = "position";

    const int AtOnce = 500;
    static readonly TimeSpan gatherFor = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan[] pauses = [TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)];

    sealed record Delivered(ulong Tag, EventMessage Event);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(transport.Subscriptions.Select(subscription => ConsumeAsync(subscription, stoppingToken)));

    async Task ConsumeAsync(RabbitMqTransport.Subscription subscription, CancellationToken stoppingToken)
    {
        var broker = new Broker(options, $"{subscription.Service} consumer");
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ConsumeOnceAsync(broker, subscription, () => failures = 0, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                var pause = pauses[Math.Min(failures++, pauses.Length - 1)];
                Log.Interrupted(logger, subscription.Service, pause, exception.Message);
                await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One connection, from its beginning to its loss, which throws.</summary>
    async Task ConsumeOnceAsync(Broker broker, RabbitMqTransport.Subscription subscription, Action connected, CancellationToken stoppingToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(options.AnswerWithin);
        var connection = await broker.ConnectAsync(limit.Token);
        try
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: limit.Token);
            await Topology.DeclareQueuesAsync(channel, subscription.Service, subscription.RoutingKeys, limit.Token);
            await channel.BasicQosAsync(prefetchSize: 0, options.Prefetch, global: false, limit.Token);

            var arrived = Channel.CreateUnbounded<Delivered>(new UnboundedChannelOptions { SingleReader = true });   // bounded by what is prefetched
            channel.ChannelShutdownAsync += (_, reason) =>
            {
                arrived.Writer.TryComplete(new IOException($"The broker ended the channel: {reason.ReplyText}"));
                return Task.CompletedTask;
            };
            var consumer = new AsyncEventingBasicConsumer(channel);
            consumer.ReceivedAsync += (_, delivery) => ArriveAsync(channel, arrived.Writer, delivery);
            foreach (var routingKey in subscription.RoutingKeys)
                await channel.BasicConsumeAsync(Topology.Queue(subscription.Service, routingKey), autoAck: false, consumer, limit.Token);

            connected();
            Log.Consuming(logger, subscription.Service, subscription.RoutingKeys.Count);
            while (true) await ReceiveAsync(channel, arrived.Reader, subscription, stoppingToken);
        }
        finally
        {
            await Broker.CloseAsync(connection);
        }
    }

    async Task ArriveAsync(IChannel channel, ChannelWriter<Delivered> arrived, BasicDeliverEventArgs delivery)
    {
        if (Read(delivery) is { } happened)
        {
            arrived.TryWrite(new Delivered(delivery.DeliveryTag, happened));
            return;
        }
        Log.Unreadable(logger, delivery.RoutingKey, delivery.BasicProperties.MessageId);
        await channel.BasicRejectAsync(delivery.DeliveryTag, requeue: false);   // to the dead letters
    }

    static EventMessage? Read(BasicDeliverEventArgs delivery)
    {
        var properties = delivery.BasicProperties;
        if (!Guid.TryParse(properties.MessageId, out var id)) return null;
        if (properties.Headers is not { } headers || headers.TryGetValue(SubjectHeader, out var named) ? named : null is not byte[] { Length: > 0 and <= 200 } subject) return null;
        if (headers.GetValueOrDefault(PositionHeader) is not long position) return null;
        var envelope = Encoding.UTF8.GetString(delivery.Body.Span);
        return EventEnvelope.IsReadable(envelope) ? new EventMessage(id, delivery.RoutingKey, Encoding.UTF8.GetString(subject), envelope, position) : null;
    }

    /// <summary>All that has arrived goes into the inbox in one statement, and is acknowledged at once.</summary>
    async Task ReceiveAsync(IChannel channel, ChannelReader<Delivered> arrived, RabbitMqTransport.Subscription subscription, CancellationToken stoppingToken)
    {
        var group = new List<Delivered> { await arrived.ReadAsync(stoppingToken) };
        await Task.Delay(gatherFor, stoppingToken);
        while (group.Count < AtOnce && arrived.TryRead(out var next)) group.Add(next);

        // Events of one entity come through several queues, a queue a kind: here they are put into the order in which they were told.
        await StoreAsync(channel, [.. group.Select(delivered => delivered.Event).OrderBy(happened => happened.Position)], subscription, stoppingToken);
        // Tags of a channel rise, and all before the last of the group have been taken or put aside.
        await channel.BasicAckAsync(group[^1].Tag, multiple: true, stoppingToken);
    }

    /// <summary>While the inbox cannot be written the events are held here: given back, they would come again at once, and count as delivered too often one day.</summary>
    async Task StoreAsync(IChannel channel, IReadOnlyList<EventMessage> events, RabbitMqTransport.Subscription subscription, CancellationToken stoppingToken)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                await subscription.Receive(events, stoppingToken);
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested && channel.IsOpen)
            {
                var pause = pauses[Math.Min(failures, pauses.Length - 1)];
                Log.NotStored(logger, subscription.Service, events.Count, pause, exception.Message);
                await Task.Delay(pause, stoppingToken);
            }
        }
    }

    static partial class Log
    {
        [LoggerMessage(60, LogLevel.Warning, "{Service} hears nothing from the broker and connects anew in {Pause}: {Reason}")]
        public static partial void Interrupted(ILogger logger, string service, TimeSpan pause, string reason);

        [LoggerMessage(61, LogLevel.Error, "A message with key {RoutingKey} and id {MessageId} is no event and was put to the dead letters")]
        public static partial void Unreadable(ILogger logger, string routingKey, string? messageId);

        [LoggerMessage(63, LogLevel.Warning, "{Service} cannot write {Events} events into its inbox and tries again in {Pause}: {Reason}")]
        public static partial void NotStored(ILogger logger, string service, int events, TimeSpan pause, string reason);

        [LoggerMessage(62, LogLevel.Information, "{Service} hears {Events} kinds of events from the broker")]
        public static partial void Consuming(ILogger logger, string service, int events);
    }
}
