using Rosa.Contracts;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Notifications;

/// <summary>Tells the customer whom an event concerns. One insert and nothing else: at Christmas this runs some hundred times a second.</summary>
sealed class TellCustomerWhen<TEvent>(WriteNotifications write) : IEventHandler<TEvent> where TEvent : IEvent
{
    public Task HandleAsync(TEvent happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) =>
        write.ToOneAsync(envelope, transaction, cancellationToken);
}

/// <summary>Tells all customers who want to hear of it.</summary>
sealed class TellCustomersWhen<TEvent>(Announce announce) : IEventHandler<TEvent> where TEvent : IEvent
{
    public Task HandleAsync(TEvent happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) =>
        announce.WriteAsync("customers", envelope, transaction, cancellationToken);
}

/// <summary>Tells employees and admins.</summary>
sealed class TellStaffWhen<TEvent>(Announce announce) : IEventHandler<TEvent> where TEvent : IEvent
{
    public Task HandleAsync(TEvent happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) =>
        announce.WriteAsync("staff", envelope, transaction, cancellationToken);
}
