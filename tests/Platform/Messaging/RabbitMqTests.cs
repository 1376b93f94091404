using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RabbitMQ.Client;
using Rosa.Contracts;
using Rosa.Platform.Database;
using Rosa.Platform.Hosting;
using Rosa.Platform.Messaging;
using Rosa.Testing;

namespace Rosa.Platform.Tests.Messaging;

/// <summary>Events over a real RabbitMQ: from the outbox of one service to the inboxes of others, whatever ends in between.</summary>
public sealed class RabbitMqTests : IAsyncLifetime
{
    sealed record Counted(string Subject, int Number) : IEvent
    {
        public static EventType Type { get; } = new("teller", "Counted");
    }

    sealed record Stopped(string Subject) : IEvent
    {
        public static EventType Type { get; } = new("teller", "Stopped");
    }

    /// <summary>Writes down what it hears, in the order in which it hears it.</summary>
    sealed class WriteDown : IEventHandler<Counted>, IEventHandler<Stopped>
    {
        public Task HandleAsync(Counted happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) => WriteAsync(happened.Subject, happened.Number, transaction, cancellationToken);

        public Task HandleAsync(Stopped happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) => WriteAsync(happened.Subject, -1, transaction, cancellationToken);

        static async Task WriteAsync(string subject, int number, DatabaseTransaction transaction, CancellationToken cancellationToken)
        {
            await using var command = new NpgsqlCommand("insert into heard (subject, number) values ($1, $2)", transaction.Connection, transaction.Transaction);
            command.Parameters.AddWithValue(subject);
            command.Parameters.AddWithValue(number);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    static readonly Service teller = new("teller", Port: 0, _ => { }, _ => { }, Calls: []);

    static Service Listener(string name) => new(name, Port: 0, AddListener, _ => { }, Calls: []);

    static void AddListener(WebApplicationBuilder builder)
    {
        builder.Services.AddEventHandler<Counted, WriteDown>();
        builder.Services.Configure<EventHandlerOptions>(options => options.Registrations.Add(handlers => handlers.Add<Stopped, WriteDown>()));
    }

    readonly CancellationToken cancelled = TestContext.Current.CancellationToken;
    TestRabbitMq broker = null!;

    public async ValueTask InitializeAsync() => broker = await TestRabbitMq.StartAsync();

    public async ValueTask DisposeAsync() => await broker.DisposeAsync();

    [Fact]
    public async Task Every_listening_service_hears_every_event_once_and_in_order()
    {
        await using var first = await ListenAsync("first");
        await using var second = await ListenAsync("second");
        await using var telling = await StartAsync(teller);
        await TellAsync(telling, subjects: 20, each: 50);
        foreach (var listener in new[] { first, second })
        {
            await HasHeardAsync(listener, 20 * 50);
            await HeardInOrderAsync(listener);
        }
    }

    [Fact]
    public async Task A_broker_that_is_killed_again_and_again_loses_and_doubles_nothing()
    {
        await using var listener = await ListenAsync("patient");
        await using var telling = await StartAsync(teller);
        const int rounds = 3, subjects = 10, each = 40;
        for (var round = 0; round < rounds; round++)
        {
            var told = TellAsync(telling, subjects, each, $"round{round}-");
            await Task.Delay(Random.Shared.Next(300), cancelled);
            await broker.KillAsync();
            await told;   // the outbox takes them, broker or not
            await broker.StartServerAsync();
        }
        await HasHeardAsync(listener, rounds * subjects * each);
        await HeardInOrderAsync(listener);
    }

    [Fact]
    public async Task Instances_of_a_service_share_its_events_and_one_takes_over_from_the_other()
    {
        await using var one = await ListenAsync("shared");
        var other = await StartAsync(Listener("shared"), one.ConnectionString);
        await using var telling = await StartAsync(teller);
        var told = TellAsync(telling, subjects: 20, each: 100);
        await Task.Delay(200, cancelled);
        await other.DisposeAsync();
        await using var third = await StartAsync(Listener("shared"), one.ConnectionString);
        await told;
        await HasHeardAsync(one, 20 * 100);
        await HeardInOrderAsync(one);
    }

    [Fact]
    public async Task While_the_inbox_cannot_be_written_events_wait_and_come_once_it_can()
    {
        await using var listener = await ListenAsync("blocked");
        await using var telling = await StartAsync(teller);
        await ExecuteAsync(listener, "alter table inbox rename to inbox_away");
        await TellAsync(telling, subjects: 5, each: 10);
        await Task.Delay(3_000, cancelled);
        await ExecuteAsync(listener, "alter table inbox_away rename to inbox");
        await HasHeardAsync(listener, 50);
        await HeardInOrderAsync(listener);
        Assert.Equal(0u, await WaitingAsync("blocked.dead"));
    }

    [Fact]
    public async Task What_is_no_event_goes_to_the_dead_letters_and_others_pass_it_by()
    {
        await using var listener = await ListenAsync("careful");
        await using var telling = await StartAsync(teller);
        foreach (var garbage in new[] { "", "{", "[]", """{"type":"rosa.Counted"}""", "\0" }) await PublishAsync(garbage, messageId: $"{Guid.CreateVersion7()}");
        await PublishAsync("{}", messageId: "no id");
        await TellAsync(telling, subjects: 1, each: 5);
        await HasHeardAsync(listener, 5);
        await UntilAsync(async () => await WaitingAsync("careful.dead") == 6);
    }

    Task<TestService> StartAsync(Service service, string? database = null) =>
        TestService.StartAsync(service, new Dictionary<string, string?> { ["RabbitMq:Address"] = broker.Address }, database);

    /// <summary>A service that listens already: its queues are there.</summary>
    async Task<TestService> ListenAsync(string name)
    {
        var listener = await StartAsync(Listener(name));
        await ExecuteAsync(listener, "create table heard (position bigint generated always as identity, subject text not null, number int not null)");
        await UntilAsync(async () =>
        {
            try
            {
                return await ConsumersAsync($"{name}.teller.Stopped") > 0;
            }
            catch (Exception)
            {
                return false;
            }
        });
        return listener;
    }

    /// <summary>Tells 0, 1, 2 … of each subject, the subjects side by side, each event in a transaction of its own, and last that it stopped.</summary>
    static Task TellAsync(TestService telling, int subjects, int each, string prefix = "")
    {
        var database = telling.Services.GetRequiredService<ServiceDatabase>();
        return Parallel.ForEachAsync(Enumerable.Range(0, subjects), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (subject, cancellationToken) =>
        {
            for (var number = 0; number < each; number++)
            {
                await using var transaction = await database.BeginAsync(cancellationToken);
                if (number < each - 1) await transaction.PublishAsync(new Counted($"{prefix}{subject}", number), cancellationToken);
                else await transaction.PublishAsync(new Stopped($"{prefix}{subject}"), cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
        });
    }

    async Task HasHeardAsync(TestService listener, int events)
    {
        var heard = 0L;
        try
        {
            await UntilAsync(async () => (heard = await CountAsync(listener, "select count(*) from heard")) >= events);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{heard} of {events} events were heard.");
        }
        await Task.Delay(500, cancelled);   // for whatever comes too often
        Assert.Equal(events, await CountAsync(listener, "select count(*) from heard"));
    }

    static async Task HeardInOrderAsync(TestService listener) => Assert.Equal(0, await CountAsync(listener,
        "select count(*) from (select number, lag(number) over (partition by subject order by position) as before from heard) h where number <> coalesce(before + 1, 0) and not (number = -1 and before is not null)"));

    static async Task<long> CountAsync(TestService service, string sql)
    {
        await using var command = service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    static async Task ExecuteAsync(TestService service, string sql)
    {
        await using var command = service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var attempt = 0; attempt < 1_200; attempt++)
        {
            if (await holds()) return;
            await Task.Delay(50, cancelled);
        }
        throw new TimeoutException("It does not come true.");
    }

    async Task<T> AskAsync<T>(Func<IChannel, Task<T>> ask)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker.Address) }.CreateConnectionAsync(cancelled);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancelled);
        return await ask(channel);
    }

    Task<uint> WaitingAsync(string queue) => AskAsync(channel => channel.MessageCountAsync(queue, cancelled));

    Task<uint> ConsumersAsync(string queue) => AskAsync(channel => channel.ConsumerCountAsync(queue, cancelled));

    Task<bool> PublishAsync(string body, string messageId) => AskAsync(async channel =>
    {
        var properties = new BasicProperties { MessageId = messageId, Headers = new Dictionary<string, object?> { ["subject"] = "0", ["position"] = 1L, ["batch"] = 1L } };
        await channel.BasicPublishAsync("rosa.events", Counted.Type.RoutingKey, mandatory: false, properties, Encoding.UTF8.GetBytes(body), cancelled);
        return true;
    });
}
