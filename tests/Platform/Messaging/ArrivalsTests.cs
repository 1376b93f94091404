using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;
using Rosa.Platform.Messaging.RabbitMq;
using Rosa.Testing;

namespace Rosa.Platform.Tests.Messaging;

/// <summary>Whatever way events come through their queues, those of a subject reach the inbox once and in the sender's order.</summary>
public sealed class ArrivalsTests(ITestOutputHelper output)
{
    static readonly string[] keys = ["sender.A", "sender.B", "sender.C"];

    [Fact]
    public async Task Events_reach_the_inbox_in_the_senders_order_through_any_queue_and_instance()
    {
        // Without a running service: nothing takes out of the inbox what this test puts in.
        var connectionString = await TestPostgres.CreateDatabaseAsync("arrivals");
        await using var source = NpgsqlDataSource.Create(connectionString);
        await Migrations.ApplyAsync(source, typeof(ArrivalsTests).Assembly, NullLogger.Instance, TestContext.Current.CancellationToken);
        await using var database = new ServiceDatabase(source, new OutboxSignal(), new Outbox(TimeProvider.System));
        using var none = new ServiceCollection().BuildServiceProvider();
        using var inbox = new InboxWorker(database, new EventHandlers(), none, Telling.Teller, TimeProvider.System, NullLogger<InboxWorker>.Instance);
        var instances = new[] { new Arrivals(database, inbox), new Arrivals(database, inbox) };
        const int rounds = 60;
        for (var round = 0; round < rounds; round++)
        {
            var seed = Random.Shared.Next();
            await Telling.ExecuteAsync(connectionString, "truncate inbox, arrivals, arrival_marks");
            var (queues, told) = Told(new Random(seed));
            await Task.WhenAll(Enumerable.Range(0, keys.Length).Select(queue => ReceiveAsync(keys[queue], queues[queue], instances, new Random(seed + queue))));
            Assert.True(told.SequenceEqual(await ReceivedAsync(database)), $"seed {seed}: not in order, or not all, or too often");
        }
        output.WriteLine($"{rounds} rounds");
    }

    /// <summary>
    /// What a relay sends that is interrupted now and then: a part of a batch, without its end; then all of it again in the next one.
    /// Late commits come with lower positions than others that went before them, but not within a subject.
    /// </summary>
    static (List<Arrivals.Arrival>[] Queues, List<(string Subject, long Position)> Told) Told(Random random)
    {
        var outbox = new List<(string Key, EventMessage Event, long VisibleFrom)>();
        var visibleFrom = new Dictionary<string, long>();
        for (var position = 1; position <= 60; position++)
        {
            var subject = $"subject{random.Next(5)}";
            visibleFrom[subject] = Math.Max(visibleFrom.GetValueOrDefault(subject), (position / 8) + random.Next(4));
            outbox.Add((keys[random.Next(keys.Length)], new EventMessage(Guid.NewGuid(), "", subject, $"{position}", position), visibleFrom[subject]));
        }
        var told = outbox.OrderBy(row => row.Event.Subject, StringComparer.Ordinal).ThenBy(row => row.Event.Position).Select(row => (row.Event.Subject, row.Event.Position)).ToList();
        var queues = keys.Select(_ => new List<Arrivals.Arrival>()).ToArray();
        var begunUpTo = 0L;
        for (var number = 1L; outbox.Count > 0; number++)
        {
            var visible = outbox.Where(row => row.VisibleFrom <= number).ToList();
            var batch = visible.Take(random.Next(1, 15)).ToList();
            if (batch.Count == 0) continue;
            var interrupted = random.Next(3) == 0;
            foreach (var (key, happened, _) in batch.Take(interrupted ? random.Next(batch.Count + 1) : batch.Count))
                queues[Array.IndexOf(keys, key)].Add(new Arrivals.Arrival(key, number, happened));
            if (interrupted)
            {
                begunUpTo = outbox.Max(row => row.Event.Position);
                continue;
            }
            outbox.RemoveAll(batch.Contains);
            if (batch.Count < visible.Count && batch[^1].Event.Position < begunUpTo) continue;
            for (var queue = 0; queue < keys.Length; queue++) queues[queue].Add(new Arrivals.Arrival(keys[queue], number, Event: null));
        }
        return (queues, told);
    }

    /// <summary>Groups of any size, now and then one twice, because it was not acknowledged, and each by another instance.</summary>
    static async Task ReceiveAsync(string key, List<Arrivals.Arrival> queue, Arrivals[] instances, Random random)
    {
        Assert.All(queue, arrival => Assert.Equal(key, arrival.Key));
        for (var received = 0; received < queue.Count;)
        {
            var group = queue.Skip(received).Take(random.Next(1, 12)).ToList();
            await instances[random.Next(instances.Length)].StoreAsync(group, keys, TestContext.Current.CancellationToken);
            if (random.Next(4) > 0) received += group.Count;
            await Task.Yield();
        }
    }

    static async Task<List<(string Subject, long Position)>> ReceivedAsync(ServiceDatabase database)
    {
        var received = new List<(string, long)>();
        await using var command = database.Source.CreateCommand("select subject, envelope::bigint from inbox order by subject collate \"C\", position");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) received.Add((reader.GetString(0), reader.GetInt64(1)));
        return received;
    }
}
