using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Rosa.Platform.Database;
using Rosa.Platform.Hosting;

namespace Rosa.Platform.Messaging.RabbitMq;

/// <summary>
/// Moves events from this service's queues into its database, and acknowledges them to the broker when they are there. Retries and what is parked are
/// the inbox's affair, and order that of <see cref="Arrivals"/>; here is only what cannot be read at all put aside.
/// </summary>
public sealed partial class RabbitMqConsumer(
    Service service, EventHandlers handlers, ServiceDatabase database, InboxWorker inbox, RabbitMqOptions options, BrokerState state, ILogger<RabbitMqConsumer> logger) : BackgroundService
{
    const int AtOnce = 1_000;
    static readonly TimeSpan gatherFor = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan countEvery = TimeSpan.FromSeconds(10);
    static readonly TimeSpan[] pauses = [TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];

    readonly IReadOnlySet<string> keys = handlers.RoutingKeys;
    readonly Arrivals arrivals = new(database, inbox);
    readonly Broker broker = new(options, $"{service.Name} consumer");

    sealed record Delivered(ulong Tag, Arrivals.Arrival Arrival);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (keys.Count == 0) return;
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ConsumeAsync(connected: () => failures = 0, stoppingToken);
            }
            catch (Exception exception)
            {
                state.Consumes(connected: false);
                if (stoppingToken.IsCancellationRequested) return;
                var pause = pauses[Math.Min(failures++, pauses.Length - 1)];
                Log.Interrupted(logger, service.Name, pause, exception.Message);
                await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One connection, from its beginning to its loss, which throws.</summary>
    async Task ConsumeAsync(Action connected, CancellationToken stoppingToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(options.AnswerWithin);
        var connection = await broker.ConnectAsync(limit.Token);
        try
        {
            var arrived = Channel.CreateUnbounded<Delivered>(new UnboundedChannelOptions { SingleReader = true });   // bounded by what is prefetched
            connection.ConnectionShutdownAsync += (_, reason) => EndAsync(arrived, reason.ReplyText);
            // A dead connection can keep the client waiting for longer than the token allows.
            var channel = await SubscribeAsync(connection, arrived, limit.Token).WaitAsync(limit.Token);
            connected();
            state.Consumes(connected: true);
            Log.Consuming(logger, service.Name, keys.Count);

            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var counting = CountDeadLettersAsync(channel, ended.Token);
            try
            {
                while (true) await ReceiveAsync(channel, arrived.Reader, stoppingToken);
            }
            finally
            {
                await ended.CancelAsync();
                await counting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            await Broker.CloseAsync(connection);
        }
    }

    async Task<IChannel> SubscribeAsync(IConnection connection, Channel<Delivered> arrived, CancellationToken cancellationToken)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        channel.ChannelShutdownAsync += (_, reason) => EndAsync(arrived, reason.ReplyText);
        await Topology.DeclareQueuesAsync(channel, service.Name, keys, cancellationToken);
        await channel.BasicQosAsync(prefetchSize: 0, options.Prefetch, global: false, cancellationToken);

        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) => ArriveAsync(channel, arrived.Writer, delivery);
        consumer.UnregisteredAsync += (_, _) => EndAsync(arrived, "a queue is gone");
        foreach (var key in keys)
            await channel.BasicConsumeAsync(Topology.Queue(service.Name, key), autoAck: false, consumerTag: key, noLocal: false, exclusive: false, arguments: null, consumer, cancellationToken);
        return channel;
    }

    static Task EndAsync(Channel<Delivered> arrived, string reason)
    {
        arrived.Writer.TryComplete(new IOException($"The broker ended the connection: {reason}"));
        return Task.CompletedTask;
    }

    async Task ArriveAsync(IChannel channel, ChannelWriter<Delivered> arrived, BasicDeliverEventArgs delivery)
    {
        if (Read(delivery) is { } arrival)
        {
            arrived.TryWrite(new Delivered(delivery.DeliveryTag, arrival));
            return;
        }
        Log.Unreadable(logger, delivery.RoutingKey, delivery.BasicProperties.MessageId);
        await channel.BasicRejectAsync(delivery.DeliveryTag, requeue: false);   // to the dead letters
    }

    static Arrivals.Arrival? Read(BasicDeliverEventArgs delivery)
    {
        var properties = delivery.BasicProperties;
        var key = delivery.ConsumerTag;
        if (properties.Headers is not { } headers || Header(RabbitMqTransport.BatchHeader) is not long batch) return null;
        if (delivery.Exchange == Topology.Batches) return new Arrivals.Arrival(key, batch, Event: null);

        if (!Guid.TryParse(properties.MessageId, out var id) || delivery.RoutingKey != key) return null;
        if (Header(RabbitMqTransport.SubjectHeader) is not byte[] { Length: > 0 and <= 200 } subject || Header(RabbitMqTransport.PositionHeader) is not long position) return null;
        var envelope = Encoding.UTF8.GetString(delivery.Body.Span);
        return EventEnvelope.IsReadable(envelope) ? new Arrivals.Arrival(key, batch, new EventMessage(id, key, Encoding.UTF8.GetString(subject), envelope, position)) : null;

        object? Header(string name) => headers.TryGetValue(name, out var value) ? value : null;
    }

    /// <summary>All that has arrived is stored at once, and then acknowledged at once.</summary>
    async Task ReceiveAsync(IChannel channel, ChannelReader<Delivered> arrived, CancellationToken stoppingToken)
    {
        var group = new List<Delivered> { await arrived.ReadAsync(stoppingToken) };
        await Task.Delay(gatherFor, stoppingToken);
        while (group.Count < AtOnce && arrived.TryRead(out var next)) group.Add(next);

        await StoreAsync(channel, [.. group.Select(delivered => delivered.Arrival)], stoppingToken);
        // Tags of a channel rise, and all before the last of the group have been stored or put aside.
        await channel.BasicAckAsync(group[^1].Tag, multiple: true, stoppingToken).AsTask().WaitAsync(options.AnswerWithin, stoppingToken);
    }

    /// <summary>While the database cannot be written the events are held here: given back, they would come again at once.</summary>
    async Task StoreAsync(IChannel channel, IReadOnlyList<Arrivals.Arrival> group, CancellationToken stoppingToken)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                await arrivals.StoreAsync(group, keys, stoppingToken);
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested && channel.IsOpen)
            {
                var pause = pauses[Math.Min(failures, pauses.Length - 1)];
                Log.NotStored(logger, service.Name, group.Count, pause, exception.Message);
                await Task.Delay(pause, stoppingToken);
            }
        }
    }

    async Task CountDeadLettersAsync(IChannel channel, CancellationToken cancellationToken)
    {
        while (true)
        {
            state.Counted(await channel.MessageCountAsync(Topology.DeadQueue(service.Name), cancellationToken));
            await Task.Delay(countEvery, cancellationToken);
        }
    }

    static partial class Log
    {
        [LoggerMessage(60, LogLevel.Warning, "{Service} hears nothing from the broker and connects anew in {Pause}: {Reason}")]
        public static partial void Interrupted(ILogger logger, string service, TimeSpan pause, string reason);

        [LoggerMessage(61, LogLevel.Error, "A message with key {RoutingKey} and id {MessageId} is no event and was put to the dead letters")]
        public static partial void Unreadable(ILogger logger, string routingKey, string? messageId);

        [LoggerMessage(62, LogLevel.Information, "{Service} hears {Events} kinds of events from the broker")]
        public static partial void Consuming(ILogger logger, string service, int events);

        [LoggerMessage(63, LogLevel.Warning, "{Service} cannot store {Events} events that came over the broker and tries again in {Pause}: {Reason}")]
        public static partial void NotStored(ILogger logger, string service, int events, TimeSpan pause, string reason);
    }
}
