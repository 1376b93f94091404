namespace Rosa.Contracts;

/// <summary>Something that happened, told to every service that listens. Past tense, additions only.</summary>
public interface IEvent
{
    /// <summary>Who tells it and under which name; the bus routes by it.</summary>
    static abstract EventType Type { get; }

    /// <summary>The id of the thing it happened to; events of one subject are handled in order.</summary>
    string Subject { get; }
}

/// <param name="Source">The telling service: <c>orders</c>.</param>
/// <param name="Name">Past tense, PascalCase: <c>OrderCreated</c>.</param>
public sealed record EventType(string Source, string Name)
{
    /// <summary>The routing key on the bus: <c>orders.OrderCreated</c>.</summary>
    public string RoutingKey { get; } = $"{Source}.{Name}";

    /// <summary>The <c>type</c> of the CloudEvents envelope: <c>rosa.OrderCreated</c>.</summary>
    public string CloudEventType { get; } = $"rosa.{Name}";
}
