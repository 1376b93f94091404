using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Contracts;
using Rosa.Platform.Database;

namespace Rosa.Platform.Messaging;

/// <summary>Does this when that happened, in one transaction with the memory that it was done.</summary>
/// <remarks>
/// Everything it does goes through <c>transaction</c>: that commits together with the inbox row, so the effect happens once
/// however often the event arrives. It calls no other system; what must leave the database is written down there and sent by a worker.
/// </remarks>
public interface IEventHandler<in TEvent> where TEvent : IEvent
{
    Task HandleAsync(TEvent happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken);
}

/// <summary>The events that this service listens to.</summary>
public sealed class EventHandlers
{
    readonly Dictionary<string, Func<IServiceProvider, EventEnvelope, DatabaseTransaction, CancellationToken, Task>> byRoutingKey = [];

    public IReadOnlySet<string> RoutingKeys => byRoutingKey.Keys.ToHashSet();

    public void Add<TEvent, THandler>() where TEvent : IEvent where THandler : class, IEventHandler<TEvent> =>
        byRoutingKey.Add(TEvent.Type.RoutingKey, (services, envelope, transaction, cancellationToken) =>
            services.GetRequiredService<THandler>().HandleAsync(
                envelope.Data.Deserialize<TEvent>(EventEnvelope.Json)!, envelope, transaction, cancellationToken));

    public Task HandleAsync(IServiceProvider services, string routingKey, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) =>
        byRoutingKey[routingKey](services, envelope, transaction, cancellationToken);
}

public static class EventHandlerRegistration
{
    /// <summary>Listens to an event: <c>services.AddEventHandler&lt;OrderCreated, MailSummaryWhenOrderCreated&gt;()</c>.</summary>
    public static void AddEventHandler<TEvent, THandler>(this IServiceCollection services)
        where TEvent : IEvent where THandler : class, IEventHandler<TEvent>
    {
        services.AddSingleton<THandler>();
        services.Configure<EventHandlerOptions>(options => options.Registrations.Add(handlers => handlers.Add<TEvent, THandler>()));
    }
}

public sealed class EventHandlerOptions
{
    public List<Action<EventHandlers>> Registrations { get; } = [];
}
