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

sealed record CountedEven(string Subject, int Number) : IEvent
{
    public static EventType Type { get; } = new("teller", "CountedEven");
}

sealed record CountedOdd(string Subject, int Number) : IEvent
{
    public static EventType Type { get; } = new("teller", "CountedOdd");
}

sealed record Stopped(string Subject, int Number) : IEvent
{
    public static EventType Type { get; } = new("teller", "Stopped");
}

/// <summary>Writes down what it hears, in the order in which it hears it.</summary>
sealed class WriteDown : IEventHandler<CountedEven>, IEventHandler<CountedOdd>, IEventHandler<Stopped>
{
    public const string Table = "create table if not exists heard (position bigint generated always as identity, subject text not null, number int not null)";

    public Task HandleAsync(CountedEven happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) => WriteAsync(happened.Subject, happened.Number, transaction, cancellationToken);

    public Task HandleAsync(CountedOdd happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) => WriteAsync(happened.Subject, happened.Number, transaction, cancellationToken);

    public Task HandleAsync(Stopped happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) => WriteAsync(happened.Subject, happened.Number, transaction, cancellationToken);

    static async Task WriteAsync(string subject, int number, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("insert into heard (subject, number) values ($1, $2)", transaction.Connection, transaction.Transaction);
        command.Parameters.AddWithValue(subject);
        command.Parameters.AddWithValue(number);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>A service that tells and services that listen, on a real RabbitMQ. What happens to a subject is numbered from 0, and goes through three queues.</summary>
static class Telling
{
    public static readonly Service Teller = new("teller", Port: 0, _ => { }, _ => { }, Calls: []);

    public static Service Listener(string name) => new(name, Port: 0, builder =>
    {
        builder.Services.AddSingleton<WriteDown>();
        builder.Services.Configure<EventHandlerOptions>(options => options.Registrations.Add(handlers =>
        {
            handlers.Add<CountedEven, WriteDown>();
            handlers.Add<CountedOdd, WriteDown>();
            handlers.Add<Stopped, WriteDown>();
        }));
    }, _ => { }, Calls: []);

    public static Task<TestService> StartAsync(this TestRabbitMq broker, Service service, string? database = null, string? listeners = null) =>
        TestService.StartAsync(service, new Dictionary<string, string?> { ["RabbitMq:Address"] = broker.Address, ["RabbitMq:Listeners"] = listeners, ["RabbitMq:AnswerWithin"] = "00:00:05" }, database);

    public static async Task<string> ListenersDatabaseAsync(string name)
    {
        var connectionString = await TestPostgres.CreateDatabaseAsync(name);
        await ExecuteAsync(connectionString, WriteDown.Table);
        return connectionString;
    }

    /// <summary>A service that listens already: its queues are there.</summary>
    public static async Task<TestService> ListenAsync(this TestRabbitMq broker, string name)
    {
        var listener = await broker.StartAsync(Listener(name), await ListenersDatabaseAsync(name));
        await broker.ListensAsync(name);
        return listener;
    }

    public static Task ListensAsync(this TestRabbitMq broker, string name) => UntilAsync(async () =>
    {
        try
        {
            return await broker.AskAsync(channel => channel.ConsumerCountAsync($"{name}.teller.Stopped")) > 0;
        }
        catch (Exception)
        {
            return false;
        }
    });

    /// <summary>Tells 0, 1, 2 … of each subject, the subjects side by side, each event in a transaction of its own.</summary>
    public static Task TellAsync(TestService telling, int subjects, int each, string prefix = "")
    {
        var database = telling.Services.GetRequiredService<ServiceDatabase>();
        return Parallel.ForEachAsync(Enumerable.Range(0, subjects), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (subject, cancellationToken) =>
        {
            for (var number = 0; number < each; number++)
            {
                await using var transaction = await database.BeginAsync(cancellationToken);
                if (number == each - 1) await transaction.PublishAsync(new Stopped($"{prefix}{subject}", number), cancellationToken);
                else if (number % 2 == 0) await transaction.PublishAsync(new CountedEven($"{prefix}{subject}", number), cancellationToken);
                else await transaction.PublishAsync(new CountedOdd($"{prefix}{subject}", number), cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
        });
    }

    /// <summary>So many events were heard, each once, and those of a subject in their order.</summary>
    public static async Task HasHeardAsync(string database, int events)
    {
        var heard = 0L;
        try
        {
            await UntilAsync(async () => (heard = await CountAsync(database, "select count(*) from heard")) >= events);
        }
        catch (TimeoutException)
        {
            var where = await CountAsync(database, "select count(*) from arrivals");
            Assert.Fail($"{heard} of {events} events were heard; {where} have arrived and are not in turn.");
        }
        await Task.Delay(300);   // for whatever comes too often
        Assert.Equal(events, await CountAsync(database, "select count(*) from heard"));
        Assert.Equal(0, await CountAsync(database, "select count(*) from (select number, row_number() over (partition by subject order by position) - 1 as expected from heard) told where number <> expected"));
    }

    public static async Task<long> CountAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var attempt = 0; attempt < 1_200; attempt++)
        {
            if (await holds()) return;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException("It does not come true.");
    }

    public static async Task<T> AskAsync<T>(this TestRabbitMq broker, Func<IChannel, Task<T>> ask)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker.Address) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        return await ask(channel);
    }
}
