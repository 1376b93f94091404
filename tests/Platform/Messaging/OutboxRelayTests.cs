using System.Collections.Concurrent;
using Npgsql;
using Rosa.Platform.Hosting;
using Rosa.Platform.Messaging;
using Rosa.Testing;

namespace Rosa.Platform.Tests.Messaging;

/// <summary>Three instances of a service on one database: one of them relays, and when it goes another does.</summary>
public sealed class OutboxRelayTests : IEventTransport
{
    const int Writers = 4, EventsEach = 250;

    readonly ConcurrentQueue<EventMessage> handedOver = [];

    bool isDown;
    int refused;

    Task IEventTransport.PublishAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref isDown))
        {
            Interlocked.Increment(ref refused);
            throw new InvalidOperationException("The broker is down.");
        }
        foreach (var happened in batch.Events) handedOver.Enqueue(happened);
        return Task.CompletedTask;
    }

    Task<TestService> StartAsync(string connectionString) =>
        TestService.StartAsync(new Service("parrot", Port: 0, _ => { }, _ => { }, Calls: []), connectionString: connectionString, transport: this);

    [Fact]
    public async Task Each_event_is_handed_over_once_and_in_order_whatever_the_number_of_instances()
    {
        var connectionString = await TestPostgres.CreateDatabaseAsync("relay");
        var instances = new List<TestService> { await StartAsync(connectionString), await StartAsync(connectionString), await StartAsync(connectionString) };
        await using var database = NpgsqlDataSource.Create(connectionString);
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = 0; i < EventsEach; i++)
            {
                await using var write = database.CreateCommand("insert into outbox (event_id, routing_key, subject, envelope) values ($1, 'parrot.spoke', $2, $3)");
                write.Parameters.Add(new() { Value = Guid.CreateVersion7() });
                write.Parameters.Add(new() { Value = $"{writer}" });
                write.Parameters.Add(new() { Value = $"{i}" });
                await write.ExecuteNonQueryAsync();
            }
        }));

        // Whoever leads, two of the three stop while events are written.
        for (var round = 0; round < 2; round++)
        {
            await UntilAsync(() => handedOver.Count > 100 * (round + 1));
            await instances[0].DisposeAsync();
            instances.RemoveAt(0);
        }
        await writing;
        await UntilAsync(() => handedOver.DistinctBy(happened => happened.EventId).Count() == Writers * EventsEach);
        foreach (var instance in instances) await instance.DisposeAsync();

        // One that stopped between handing over and forgetting leaves its last batch to be handed over again: that is "at least once".
        var first = handedOver.DistinctBy(happened => happened.EventId).ToList();
        Assert.InRange(handedOver.Count - first.Count, 0, 2 * 500);
        Assert.All(first.GroupBy(happened => happened.Subject), subject => Assert.Equal([.. Enumerable.Range(0, EventsEach).Select(i => $"{i}")], subject.Select(happened => happened.Envelope)));
    }

    [Fact]
    public async Task Who_cannot_hand_over_does_not_keep_the_lead()
    {
        // As Rosa's own: a session that goes back to the pool keeps what it holds.
        var connectionString = await TestPostgres.CreateDatabaseAsync("relay") + ";No Reset On Close=true";
        Volatile.Write(ref isDown, true);
        await using var instance = await StartAsync(connectionString);
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using (var write = database.CreateCommand("insert into outbox (event_id, routing_key, subject, envelope) values (gen_random_uuid(), 'parrot.spoke', '1', 'hello')"))
            await write.ExecuteNonQueryAsync();

        await UntilAsync(() => Volatile.Read(ref refused) > 0);
        // Between two attempts anybody may lead: another session of this instance, or another instance.
        for (var wait = 0; await LeadersAsync() > 0; wait++)
        {
            Assert.True(wait < 3_000, "the lock is never given back");
            await Task.Delay(20);
        }
        Volatile.Write(ref isDown, false);
        await UntilAsync(() => handedOver.Count == 1);

        async Task<long> LeadersAsync()
        {
            await using var count = database.CreateCommand("select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())");
            return (long)(await count.ExecuteScalarAsync())!;
        }
    }

    async Task UntilAsync(Func<bool> holds)
    {
        for (var i = 0; !holds(); i++, await Task.Delay(10)) Assert.True(i < 6_000, $"{handedOver.Count} were handed over");
    }
}
