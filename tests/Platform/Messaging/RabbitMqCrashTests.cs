using System.Diagnostics;
using Npgsql;
using Rosa.Platform.Messaging;
using Rosa.Testing;
using static Rosa.Platform.Tests.Messaging.Telling;

namespace Rosa.Platform.Tests.Messaging;

/// <summary>A process ends on the spot at each point of relay and inbox, is started again, and everything was heard once and in order.</summary>
public sealed class RabbitMqCrashTests : IAsyncLifetime
{
    const int Subjects = 3, Each = 20;
    readonly CancellationToken cancelled = TestContext.Current.CancellationToken;
    TestRabbitMq broker = null!;

    public async ValueTask InitializeAsync() => broker = await TestRabbitMq.StartAsync();

    public async ValueTask DisposeAsync() => await broker.DisposeAsync();

    [Fact]
    public async Task A_sender_that_dies_in_its_relay_loses_and_doubles_nothing()
    {
        await using var listener = await broker.ListenAsync("survivor");
        var database = await TestPostgres.CreateDatabaseAsync("teller");
        var told = 0;
        foreach (var point in (string[])["relay.publish.before", "relay.publish.after", "relay.delete.after"])
        {
            using (var dying = Start("teller", database, crashAt: point))
            {
                await UntilAsync(async () => await CountAsync(database, "select count(*) from pg_tables where tablename in ('outbox', 'arrivals')") == 2);
                await WriteOutboxAsync(database, prefix: point);
                await DiesAtAsync(dying, point);
            }
            using var alive = Start("teller", database);
            try
            {
                await HasHeardAsync(listener.ConnectionString, told += Subjects * Each);
            }
            finally
            {
                alive.Kill();
                await alive.WaitForExitAsync(cancelled);
            }
        }
    }

    [Fact]
    public async Task A_listener_that_dies_in_its_inbox_loses_and_doubles_nothing()
    {
        var database = await ListenersDatabaseAsync("mortal");
        await using var telling = await broker.StartAsync(Teller, listeners: "mortal");
        var told = 0;
        foreach (var point in (string[])["inbox.receive.before", "inbox.receive.after", "inbox.handle.before", "inbox.handle.after", "inbox.commit.after"])
        {
            using (var dying = Start("mortal", database, crashAt: point))
            {
                await TellAsync(telling, Subjects, Each, prefix: point);
                await DiesAtAsync(dying, point);
            }
            using var alive = Start("mortal", database);
            try
            {
                await HasHeardAsync(database, told += Subjects * Each);
            }
            finally
            {
                alive.Kill();
                await alive.WaitForExitAsync(cancelled);
            }
        }
    }

    /// <summary>This program again, as one of the services: see <c>Program.cs</c>.</summary>
    Process Start(string service, string database, string? crashAt = null) => Process.Start(new ProcessStartInfo(
        Path.Combine(AppContext.BaseDirectory, "Rosa.Platform.Tests"),
        ["serve", service, "--Listen:Port=0", $"--Database:ConnectionString={database}", $"--RabbitMq:Address={broker.Address}"])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["ROSA_CRASH_AT"] = crashAt, ["ASPNETCORE_ENVIRONMENT"] = "Development" },
    })!;

    async Task DiesAtAsync(Process dying, string point)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            var lastWords = await dying.StandardError.ReadToEndAsync(limit.Token);
            await dying.WaitForExitAsync(limit.Token);
            Assert.Contains($"ROSA_CRASH_AT={point}:", lastWords, StringComparison.Ordinal);
        }
        finally
        {
            if (!dying.HasExited) dying.Kill();
        }
    }

    /// <summary>What a service in that database would have told before it died.</summary>
    static async Task WriteOutboxAsync(string database, string prefix)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var batch = source.CreateBatch();
        var outbox = new Outbox(TimeProvider.System);
        for (var number = 0; number < Each; number++)
        {
            for (var subject = 0; subject < Subjects; subject++)
                batch.BatchCommands.Add(number % 2 == 0 ? outbox.Command(new CountedEven($"{prefix}{subject}", number)) : outbox.Command(new CountedOdd($"{prefix}{subject}", number)));
        }
        batch.BatchCommands.Add(new NpgsqlBatchCommand("notify outbox"));
        await batch.ExecuteNonQueryAsync();
    }
}
