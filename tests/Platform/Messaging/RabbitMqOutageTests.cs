using System.Net;
using System.Text.Json;
using Rosa.Testing;
using static Rosa.Platform.Tests.Messaging.Telling;

namespace Rosa.Platform.Tests.Messaging;

/// <summary>The broker ends on the spot, or is not there at all: nothing is lost or doubled, and nobody waits for it.</summary>
public sealed class RabbitMqOutageTests(ITestOutputHelper output) : IAsyncLifetime
{
    readonly CancellationToken cancelled = TestContext.Current.CancellationToken;
    TestRabbitMq broker = null!;

    public async ValueTask InitializeAsync() => broker = await TestRabbitMq.StartAsync();

    public async ValueTask DisposeAsync() => await broker.DisposeAsync();

    [Fact]
    public async Task A_broker_that_is_killed_under_load_again_and_again_loses_and_doubles_nothing()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var listener = await broker.ListenAsync("patient");
        await using var another = await broker.StartAsync(Listener("patient"), listener.ConnectionString);
        await using var telling = await broker.StartAsync(Teller);
        const int rounds = 5, subjects = 10, each = 100;
        for (var round = 0; round < rounds; round++)
        {
            var told = TellAsync(telling, subjects, each, $"round{round}-");
            await Task.Delay(random.Next(700), cancelled);
            await broker.KillAsync();
            await told;   // the outbox takes them, broker or not
            await broker.StartServerAsync();
        }
        await HasHeardAsync(listener.ConnectionString, rounds * subjects * each);
    }

    [Fact]
    public async Task Services_start_and_serve_without_a_broker_and_deliver_when_there_is_one()
    {
        await broker.KillAsync();
        await using var telling = await broker.StartAsync(Teller, listeners: "late");
        await using var listener = await broker.StartAsync(Listener("late"), await ListenersDatabaseAsync("late"));
        await TellAsync(telling, subjects: 5, each: 10);
        Assert.Equal((HttpStatusCode.OK, "Down"), await ReadyAsync(telling));
        Assert.Equal((HttpStatusCode.OK, "Down"), await ReadyAsync(listener));
        using (var client = telling.Client()) Assert.Contains("rosa_broker_reached 0", await client.GetStringAsync("/metrics", cancelled), StringComparison.Ordinal);

        await broker.StartServerAsync();
        await HasHeardAsync(listener.ConnectionString, 50);
        foreach (var service in new[] { telling, listener }) await UntilAsync(async () => await ReadyAsync(service) == (HttpStatusCode.OK, "Up"));
    }

    [Fact]
    public async Task Events_wait_for_listeners_that_the_broker_does_not_know_yet()
    {
        await using var telling = await broker.StartAsync(Teller, listeners: "newcomer");
        await TellAsync(telling, subjects: 5, each: 10);
        await Task.Delay(1_500, cancelled);
        await using var listener = await broker.ListenAsync("newcomer");
        await HasHeardAsync(listener.ConnectionString, 50);
    }

    async Task<(HttpStatusCode Status, string? Broker)> ReadyAsync(TestService service)
    {
        using var client = service.Client();
        using var answer = await client.GetAsync("/health/ready", cancelled);
        using var report = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancelled));
        return (answer.StatusCode, report.RootElement.GetProperty("dependencies").GetProperty("rabbitmq").GetString());
    }
}
