using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;
using Rosa.Contracts;
using Rosa.Platform.Database;

namespace Rosa.Platform.Messaging;

/// <summary>Makes the rows that tell an event in the transaction of the change it tells of.</summary>
public sealed class Outbox(TimeProvider clock)
{
    const string Insert = "insert into outbox (event_id, routing_key, subject, envelope)";

    /// <summary>The insert, to be put into a batch beside a change that certainly happens when the batch succeeds.</summary>
    public NpgsqlBatchCommand Command<TEvent>(TEvent happened) where TEvent : IEvent => Row($"{Insert} values ($1, $2, $3, $4)", happened);

    /// <summary>
    /// A change that may find nothing to do, and its event, in one statement: the event is told only when the change was made.
    /// Run it with <see cref="ServiceDatabase.ChangeAsync"/>.
    /// </summary>
    /// <param name="changes">
    /// The <c>with</c> items, of which the one named <c>changed</c> returns one row when the change was made:
    /// <c>changed as (update … where … returning 1)</c>. Their parameters begin at <c>$5</c> and are added to the command.
    /// </param>
    public NpgsqlBatchCommand ChangeAndTell<TEvent>(string changes, TEvent happened) where TEvent : IEvent =>
        Row($"with {changes} {Insert} select $1, $2, $3, $4 from changed", happened);

    NpgsqlBatchCommand Row<TEvent>(string sql, TEvent happened) where TEvent : IEvent
    {
        var id = Guid.CreateVersion7();
        return new NpgsqlBatchCommand(sql)
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
