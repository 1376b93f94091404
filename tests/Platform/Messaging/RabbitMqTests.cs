using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using Rosa.Platform.Database;
using Rosa.Testing;
using static Rosa.Platform.Tests.Messaging.Telling;

namespace Rosa.Platform.Tests.Messaging;

/// <summary>Events over a real RabbitMQ: from the outbox of one service to the inboxes of others.</summary>
public sealed class RabbitMqTests(RabbitMqTests.OneBroker one, ITestOutputHelper output) : IClassFixture<RabbitMqTests.OneBroker>
{
    public sealed class OneBroker : IAsyncLifetime
    {
        public TestRabbitMq Broker { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Broker = await TestRabbitMq.StartAsync();

        public async ValueTask DisposeAsync() => await Broker.DisposeAsync();
    }

    readonly CancellationToken cancelled = TestContext.Current.CancellationToken;
    readonly TestRabbitMq broker = one.Broker;

    [Fact]
    public async Task Every_listening_service_hears_every_event_once_and_in_order()
    {
        await using var first = await broker.ListenAsync("first");
        await using var second = await broker.ListenAsync("second");
        await using var telling = await broker.StartAsync(Teller);
        await TellAsync(telling, subjects: 20, each: 50);
        await HasHeardAsync(first.ConnectionString, 20 * 50);
        await HasHeardAsync(second.ConnectionString, 20 * 50);
    }

    [Fact]
    public async Task Order_holds_while_instances_of_sender_and_listener_come_and_go()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var first = await broker.ListenAsync("shared");
        await using var telling = await broker.StartAsync(Teller);
        List<TestService> listeners = [await broker.StartAsync(Listener("shared"), first.ConnectionString)], tellers = [];
        const int rounds = 6, subjects = 10, each = 60;
        for (var round = 0; round < rounds; round++)
        {
            var told = TellAsync(random.Next(2) == 0 || tellers.Count == 0 ? telling : tellers[0], subjects, each, $"round{round}-");
            await Task.Delay(random.Next(200), cancelled);
            if (random.Next(2) == 0 || listeners.Count == 0) listeners.Add(await broker.StartAsync(Listener("shared"), first.ConnectionString));
            else
            {
                var leaving = random.Next(listeners.Count);
                await listeners[leaving].DisposeAsync();
                listeners.RemoveAt(leaving);
            }
            await told;
            if (tellers.Count == 0) tellers.Add(await broker.StartAsync(Teller, telling.ConnectionString));
            else
            {
                await tellers[0].DisposeAsync();
                tellers.Clear();
            }
        }
        await HasHeardAsync(first.ConnectionString, rounds * subjects * each);
        foreach (var instance in listeners.Concat(tellers)) await instance.DisposeAsync();
    }

    [Fact]
    public async Task While_the_inbox_cannot_be_written_events_wait_and_come_once_it_can()
    {
        await using var listener = await broker.ListenAsync("blocked");
        await using var telling = await broker.StartAsync(Teller);
        await ExecuteAsync(listener.ConnectionString, "alter table inbox rename to inbox_away");
        await TellAsync(telling, subjects: 5, each: 10);
        await Task.Delay(3_000, cancelled);
        await ExecuteAsync(listener.ConnectionString, "alter table inbox_away rename to inbox");
        await HasHeardAsync(listener.ConnectionString, 50);
        Assert.Equal(0u, await WaitingAsync("blocked.dead"));
    }

    [Fact]
    public async Task What_is_no_event_goes_to_the_dead_letters_and_is_counted_and_others_pass_it_by()
    {
        await using var listener = await broker.ListenAsync("careful");
        await using var telling = await broker.StartAsync(Teller);
        foreach (var garbage in new[] { "", "{", "[]", """{"type":"rosa.CountedEven"}""", "\0" }) await PublishAsync(garbage, messageId: $"{Guid.CreateVersion7()}");
        await PublishAsync("{}", messageId: "no id");
        await TellAsync(telling, subjects: 1, each: 5);
        await HasHeardAsync(listener.ConnectionString, 5);
        await UntilAsync(async () => await WaitingAsync("careful.dead") == 6);
        using var client = listener.Client();
        await UntilAsync(async () => (await client.GetStringAsync("/metrics", cancelled)).Contains("rosa_broker_dead_letters 6", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Handling_is_a_span_under_the_publishing_and_that_under_the_request_that_told_the_event()
    {
        var spans = new System.Collections.Concurrent.ConcurrentBag<Activity>();
        using var watching = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Rosa.Messaging" or "Test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(watching);
        using var source = new ActivitySource("Test");

        await using var listener = await broker.ListenAsync("traced");
        await using var telling = await broker.StartAsync(Teller);
        string requestId;
        using (var request = source.StartActivity("request", ActivityKind.Server)!)
        {
            requestId = request.Id!;
            await using var transaction = await telling.Services.GetRequiredService<ServiceDatabase>().BeginAsync(cancelled);
            await transaction.PublishAsync(new CountedEven("traced", 0), cancelled);
            await transaction.CommitAsync(cancelled);
        }
        await HasHeardAsync(listener.ConnectionString, 1);

        var published = Assert.Single(spans, span => span.OperationName == "publish teller.CountedEven" && span.ParentId == requestId);
        var handled = Assert.Single(spans, span => span.OperationName == "handle teller.CountedEven" && span.ParentId == published.Id);
        Assert.Equal((ActivityKind.Producer, ActivityKind.Consumer), (published.Kind, handled.Kind));
        Assert.Equal(published.TraceId, handled.TraceId);
    }

    Task<uint> WaitingAsync(string queue) => broker.AskAsync(channel => channel.MessageCountAsync(queue, cancelled));

    Task<bool> PublishAsync(string body, string messageId) => broker.AskAsync(async channel =>
    {
        var properties = new BasicProperties { MessageId = messageId, Headers = new Dictionary<string, object?> { ["subject"] = "0", ["position"] = 1L, ["batch"] = 1L } };
        await channel.BasicPublishAsync("rosa.events", CountedEven.Type.RoutingKey, mandatory: false, properties, Encoding.UTF8.GetBytes(body), cancelled);
        return true;
    });
}
