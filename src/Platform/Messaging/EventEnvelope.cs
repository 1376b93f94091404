using System.Diagnostics;
using System.Text.Json;
using Rosa.Contracts;

namespace Rosa.Platform.Messaging;

/// <summary>How events travel: CloudEvents 1.0 in JSON, with the correlation id and the trace as extension attributes.</summary>
/// <param name="Type"><c>rosa.OrderCreated</c>.</param>
/// <param name="Subject">The entity's id.</param>
public sealed record EventEnvelope(
    string Specversion,
    Guid Id,
    string Source,
    string Type,
    DateTimeOffset Time,
    string Subject,
    string Datacontenttype,
    string Dataschemaversion,
    string? Correlationid,
    string? Traceparent,
    JsonElement Data)
{
    /// <summary>The JSON of everything that goes over the bus.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Whether this is an envelope that a handler could be given.</summary>
    public static bool IsReadable(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<EventEnvelope>(json, Json) is { Type.Length: > 0, Data.ValueKind: JsonValueKind.Object } && !json.Contains("\\u0000", StringComparison.Ordinal);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static string Write<TEvent>(Guid id, TEvent happened, DateTimeOffset now) where TEvent : IEvent =>
        JsonSerializer.Serialize(new EventEnvelope(
            Specversion: "1.0", id, TEvent.Type.Source, TEvent.Type.CloudEventType, now, happened.Subject,
            Datacontenttype: "application/json", Dataschemaversion: "1",
            Hosting.Correlation.Current, Activity.Current?.Id, JsonSerializer.SerializeToElement(happened, Json)), Json);
}

/// <summary>An event between outbox, transport and inbox.</summary>
/// <param name="RoutingKey"><c>orders.OrderCreated</c>.</param>
/// <param name="Envelope">The CloudEvents JSON.</param>
/// <param name="Position">Where it stands among the sender's events: of two about one subject the lower one happened first.</param>
public sealed record EventMessage(Guid EventId, string RoutingKey, string Subject, string Envelope, long Position = 0);

/// <summary>Events that the relay hands over together.</summary>
/// <param name="Number">Rises from batch to batch.</param>
/// <param name="Events">In the order of their positions; none when it only says that nothing is left of the batches before.</param>
/// <param name="IsComplete">Whether with this batch everything was handed over that happened before any event of it, or of a batch with a lower number.</param>
public sealed record EventBatch(long Number, IReadOnlyList<EventMessage> Events, bool IsComplete);
