using System.Text;
using RabbitMQ.Client;

namespace Rosa.Platform.Messaging.RabbitMq;

/// <summary>
/// Carries events over RabbitMQ. Handed over is what the broker has confirmed: each event is on disk in every queue that wants it. What was not confirmed,
/// for whatever reason, the relay sends again.
/// </summary>
public sealed class RabbitMqTransport : IEventTransport, IAsyncDisposable
{
    internal sealed record Subscription(string Service, IReadOnlySet<string> RoutingKeys, Func<IReadOnlyList<EventMessage>, CancellationToken, Task> Receive);

    /// <summary>So many events may be on their way to the broker at once.</summary>
    const int Unconfirmed = 500;

    readonly RabbitMqOptions options;
    readonly Broker broker;
    readonly SemaphoreSlim publishing = new(1);
    readonly List<Subscription> subscriptions = [];
    IConnection? connection;
    IChannel? channel;

    /// <param name="clientName">Who is shown in the broker's list of connections.</param>
    public RabbitMqTransport(RabbitMqOptions options, string clientName)
    {
        this.options = options;
        broker = new Broker(options, $"{clientName} publisher");
    }

    internal IReadOnlyList<Subscription> Subscriptions => subscriptions;

    /// <remarks>Consuming begins with <see cref="RabbitMqConsumer"/>.</remarks>
    public void Subscribe(string service, IReadOnlySet<string> routingKeys, Func<IReadOnlyList<EventMessage>, CancellationToken, Task> receive) =>
        subscriptions.Add(new Subscription(service, routingKeys, receive));

    public async Task PublishAsync(IReadOnlyList<EventMessage> events, CancellationToken cancellationToken)
    {
        await publishing.WaitAsync(cancellationToken);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(options.AnswerWithin);
            var open = await OpenAsync(limit.Token);
            // Sent in order on one channel, then confirmed together: one by one, each would wait for a write to disk.
            await Task.WhenAll(events.Select(happened => PublishAsync(open, happened, limit.Token).AsTask()).ToList());
        }
        catch
        {
            await CloseAsync();
            throw;
        }
        finally
        {
            publishing.Release();
        }
    }

    static ValueTask PublishAsync(IChannel channel, EventMessage happened, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties
        {
            Persistent = true,
            ContentType = "application/cloudevents+json",
            MessageId = happened.EventId.ToString(),
            Headers = new Dictionary<string, object?> { [RabbitMqConsumer.SubjectHeader] = happened.Subject, [RabbitMqConsumer.PositionHeader] = happened.Position },
        };
        return channel.BasicPublishAsync(Topology.Events, happened.RoutingKey, mandatory: false, properties, Encoding.UTF8.GetBytes(happened.Envelope), cancellationToken);
    }

    async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        if (channel is { IsOpen: true }) return channel;
        await CloseAsync();
        connection = await broker.ConnectAsync(cancellationToken);
        channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, new ThrottlingRateLimiter(Unconfirmed)), cancellationToken);
        await Topology.DeclareExchangeAsync(channel, cancellationToken);
        return channel;
    }

    async Task CloseAsync()
    {
        (var lost, connection, channel) = (connection, null, null);
        await Broker.CloseAsync(lost);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        publishing.Dispose();
    }
}
