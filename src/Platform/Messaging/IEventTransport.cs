namespace Rosa.Platform.Messaging;

/// <summary>What carries events from one service's outbox to the others' inboxes.</summary>
public interface IEventTransport
{
    /// <summary>
    /// Hands events over, in order. Returns when every listener's queue has them durably; throws when that is not sure,
    /// and the relay then sends all of them again.
    /// </summary>
    Task PublishAsync(EventBatch batch, CancellationToken cancellationToken);
}

/// <summary>The transport of the one-process mode: a delivery is the insert into the consumer's inbox, which is the durable queue.</summary>
public sealed class InProcessTransport : IEventTransport
{
    sealed record Subscription(string Service, IReadOnlySet<string> RoutingKeys, Func<IReadOnlyList<EventMessage>, CancellationToken, Task> Receive);

    volatile IReadOnlyList<Subscription> subscriptions = [];

    /// <summary>Registers a consuming service before anything is published.</summary>
    /// <param name="receive">Stores events durably; called again with the same ones when it throws.</param>
    public void Subscribe(string service, IReadOnlySet<string> routingKeys, Func<IReadOnlyList<EventMessage>, CancellationToken, Task> receive)
    {
        lock (this) subscriptions = [.. subscriptions.Where(known => known.Service != service), new Subscription(service, routingKeys, receive)];
    }

    public Task PublishAsync(EventBatch batch, CancellationToken cancellationToken) => PublishAsync(batch.Events, cancellationToken);

    public async Task PublishAsync(IReadOnlyList<EventMessage> events, CancellationToken cancellationToken)
    {
        foreach (var subscription in subscriptions)
        {
            var heard = events.Where(happened => subscription.RoutingKeys.Contains(happened.RoutingKey)).ToList();
            if (heard.Count > 0) await subscription.Receive(heard, cancellationToken);
        }
    }
}
