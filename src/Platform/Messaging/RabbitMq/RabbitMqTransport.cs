using System.Diagnostics;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using Rosa.Platform.Hosting;
using Rosa.Platform.Telemetry;

namespace Rosa.Platform.Messaging.RabbitMq;

/// <summary>
/// Carries events over RabbitMQ. Handed over is what the broker has confirmed: each event is on disk in every queue that wants it. What was not confirmed,
/// for whatever reason, the relay sends again.
/// </summary>
public sealed class RabbitMqTransport(RabbitMqOptions options, Service service, BrokerState state) : IEventTransport, IAsyncDisposable
{
    /// <summary>The entity's id, where in the sender's order the event stands, and the batch it comes with; the routing key and the envelope have everything else.</summary>
    internal const string SubjectHeader = "subject", PositionHeader = "position", BatchHeader = "batch";

    static readonly ActivitySource activities = new("Rosa.Messaging");

    readonly Broker broker = new(options, $"{service.Name} publisher");
    readonly SemaphoreSlim publishing = new(1);
    IConnection? connection;
    IChannel? channel;
    Confirms? confirms;

    public async Task PublishAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        await publishing.WaitAsync(cancellationToken);
        var spans = StartSpans(ref batch);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.AnswerWithin);
        try
        {
            if (channel is not { IsOpen: true }) await OpenAsync(limit.Token).WaitAsync(limit.Token);
            // A dead connection can keep the client waiting for longer than the token allows.
            await SendAsync(channel!, confirms!, batch, limit.Token).WaitAsync(limit.Token);
            state.Published(confirmed: true);
        }
        catch (Exception exception)
        {
            state.Published(confirmed: false);
            foreach (var span in spans) span.SetStatus(ActivityStatusCode.Error);
            await CloseAsync();
            if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested) throw new TimeoutException($"The broker did not answer within {options.AnswerWithin}.");
            throw;
        }
        finally
        {
            foreach (var span in spans) span.Dispose();
            publishing.Release();
        }
    }

    async Task OpenAsync(CancellationToken cancellationToken)
    {
        await CloseAsync();
        connection = await broker.ConnectAsync(cancellationToken);
        await Topology.AllListenAsync(connection, options.ListenerNames, cancellationToken);
        var opened = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false), cancellationToken);
        confirms = new Confirms(opened);
        await Topology.DeclareExchangesAsync(opened, cancellationToken);
        channel = opened;
    }

    /// <summary>Sent one after the other on one channel, then confirmed together: one by one, each would wait for a write to disk.</summary>
    async Task SendAsync(IChannel channel, Confirms confirms, EventBatch batch, CancellationToken cancellationToken)
    {
        var first = await channel.GetNextPublishSequenceNumberAsync(cancellationToken);
        var confirmed = confirms.Expect(first, messages: batch.Events.Count + (batch.IsComplete ? 1 : 0));
        foreach (var happened in batch.Events)
        {
            var properties = new BasicProperties
            {
                Persistent = true,
                ContentType = "application/cloudevents+json",
                MessageId = happened.EventId.ToString(),
                Headers = new Dictionary<string, object?> { [SubjectHeader] = happened.Subject, [PositionHeader] = happened.Position, [BatchHeader] = batch.Number },
            };
            await channel.BasicPublishAsync(Topology.Events, happened.RoutingKey, mandatory: false, properties, Encoding.UTF8.GetBytes(happened.Envelope), cancellationToken);
        }
        if (batch.IsComplete)
        {
            var properties = new BasicProperties { Persistent = true, Headers = new Dictionary<string, object?> { [BatchHeader] = batch.Number } };
            await channel.BasicPublishAsync(Topology.Batches, service.Name, mandatory: false, properties, ReadOnlyMemory<byte>.Empty, cancellationToken);
        }
        await confirmed.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// A span an event, under the request that told it. The event goes on with the span that it leaves by, so that the handlers' hang below it, on the other
    /// side of the broker.
    /// </summary>
    List<Activity> StartSpans(ref EventBatch batch)
    {
        if (!activities.HasListeners()) return [];
        var around = Activity.Current;
        var (spans, events) = (new List<Activity>(), new List<EventMessage>());
        foreach (var happened in batch.Events)
        {
            events.Add(Traced(happened, spans));
            Activity.Current = around;
        }
        batch = batch with { Events = events };
        return spans;
    }

    EventMessage Traced(EventMessage happened, List<Activity> spans)
    {
        using var envelope = JsonDocument.Parse(happened.Envelope);
        var toldBy = envelope.RootElement.TryGetProperty("traceparent", out var trace) ? trace.GetString() : null;
        if (toldBy is null || activities.StartActivity($"publish {happened.RoutingKey}", ActivityKind.Producer, toldBy) is not { } span) return happened;
        span.SetTag("messaging.system", "rabbitmq").SetTag("messaging.destination.name", Topology.Events).SetTag("messaging.message.id", happened.EventId.ToString());
        Tracing.Own(span, service.Name);
        spans.Add(span);
        return happened with { Envelope = happened.Envelope.Replace($"\"traceparent\":\"{toldBy}\"", $"\"traceparent\":\"{span.Id}\"", StringComparison.Ordinal) };
    }

    async Task CloseAsync()
    {
        (var lost, connection, channel, confirms) = (connection, null, null, null);
        await Broker.CloseAsync(lost);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        publishing.Dispose();
    }
}
