using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;
using Rosa.Contracts;

namespace Rosa.Platform.Messaging;

/// <summary>Makes the rows that tell an event in the transaction of the change it tells of.</summary>
public sealed class Outbox(TimeProvider clock)
{
    /// <summary>
    /// The insert, to be put into a batch beside the change. Give the condition when the change itself may turn out not to
    /// happen in the same statement batch: <c>"where exists (select …)"</c> without parameters.
    /// </summary>
    public NpgsqlBatchCommand Command<TEvent>(TEvent happened) where TEvent : IEvent
    {
        var id = Guid.CreateVersion7();
        return new NpgsqlBatchCommand("insert into outbox (event_id, routing_key, subject, envelope) values ($1, $2, $3, $4)")
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = id },
                new NpgsqlParameter<string> { TypedValue = TEvent.Type.RoutingKey },
                new NpgsqlParameter<string> { TypedValue = happened.Subject },
                new NpgsqlParameter<string> { TypedValue = EventEnvelope.Write(id, happened, clock.GetUtcNow()) },
            },
        };
    }
}

/// <summary>Wakes the relay after a commit, so that events leave at once and polling is only for what a crash left behind.</summary>
public sealed class OutboxSignal
{
    readonly Channel<bool> woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Wake() => woken.Writer.TryWrite(true);

    /// <summary>Returns when woken, or after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(atMost);
        try
        {
            await woken.Reader.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }
    }
}
