using RabbitMQ.Client;

namespace Rosa.Platform.Messaging.RabbitMq;

/// <summary>Knows when the broker has confirmed all that was sent on a channel: quorum queues confirm when a majority has it on disk.</summary>
/// <remarks>The client's own tracking returns from sending only when that one message is confirmed; sent side by side instead, their order would be a matter of luck.</remarks>
sealed class Confirms
{
    readonly Lock changing = new();
    readonly SortedSet<ulong> awaited = [];
    TaskCompletionSource confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    bool ended;

    public Confirms(IChannel channel)
    {
        channel.BasicAcksAsync += (_, ack) => ConfirmAsync(ack.DeliveryTag, ack.Multiple);
        channel.BasicNacksAsync += (_, refused) => FailAsync("The broker could not keep an event.");
        channel.ChannelShutdownAsync += (_, reason) => FailAsync($"The broker ended the channel: {reason.ReplyText}");
    }

    /// <summary>Begins to wait for so many messages, which are now sent. Completes when all are confirmed.</summary>
    public Task Expect(ulong first, int messages)
    {
        lock (changing)
        {
            if (ended) throw new IOException("The broker ended the channel.");
            confirmed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            for (var number = 0; number < messages; number++) awaited.Add(first + (ulong)number);
            return confirmed.Task;
        }
    }

    Task ConfirmAsync(ulong number, bool andAllBefore)
    {
        lock (changing)
        {
            if (andAllBefore) while (awaited.Count > 0 && awaited.Min <= number) awaited.Remove(awaited.Min);
            else awaited.Remove(number);
            if (awaited.Count == 0) confirmed.TrySetResult();
        }
        return Task.CompletedTask;
    }

    Task FailAsync(string reason)
    {
        lock (changing)
        {
            ended = true;
            confirmed.TrySetException(new IOException(reason));
            _ = confirmed.Task.Exception;   // also when nobody waits any more
        }
        return Task.CompletedTask;
    }
}
