using System.Diagnostics;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Rosa.Platform.Grpc;
using Rosa.Testing;

namespace Rosa.Platform.Tests.Grpc;

/// <summary>Calls of our client to a grpc-js server.</summary>
public sealed class GrpcClientWithGrpcJsTests(NodePeer peer) : IDisposable
{
    readonly GrpcChannel channel = new(peer.Server);

    [Theory]
    [InlineData("hello", 0)]
    [InlineData("", 0)]
    [InlineData("a few frames", 100_000)]
    [InlineData("nearly the limit", GrpcFraming.MessageLimit - 100)]
    public async Task A_message_goes_there_and_back(string text, int payloadSize)
    {
        var sent = new EchoMessage { Text = text, Payload = ByteString.CopyFrom(Enumerable.Range(0, payloadSize).Select(i => (byte)i).ToArray()) };
        Assert.Equal(sent, await channel.UnaryAsync(Echo.Say, sent, new()));
    }

    [Fact]
    public async Task A_message_over_the_limit_is_not_sent()
    {
        var large = new EchoMessage { Payload = ByteString.CopyFrom(new byte[GrpcFraming.MessageLimit]) };
        Assert.Equal(GrpcStatusCode.ResourceExhausted, await StatusOfAsync(() => channel.UnaryAsync(Echo.Say, large, new())));
    }

    [Fact]
    public async Task A_refusal_brings_its_status_and_text()
    {
        var refusal = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.Say, new() { Text = "fail:6:déjà vu, 100 %" }, new()));
        Assert.Equal(GrpcStatusCode.AlreadyExists, refusal.Status);
        Assert.Equal("déjà vu, 100 %", refusal.Message);
    }

    [Fact]
    public async Task An_unknown_method_is_unimplemented() =>
        Assert.Equal(GrpcStatusCode.Unimplemented, await StatusOfAsync(() => channel.UnaryAsync(Echo.SayOf("no.such.Service"), new(), new())));

    [Fact]
    public async Task Metadata_and_deadline_are_sent()
    {
        var seen = await MetadataSeenAsync(new(TimeSpan.FromMinutes(10), [new("Correlation-Id", "c-1"), GrpcMetadata.Binary("key-bin", [255, 0, 1])]));
        Assert.Equal("c-1", (string?)seen["metadata"]!["correlation-id"]![0]);
        Assert.Equal("/wAB", (string?)seen["metadata"]!["key-bin"]![0]);
        Assert.True((bool)seen["hasDeadline"]!);
    }

    [Fact]
    public async Task Without_a_timeout_no_deadline_is_sent() => Assert.False((bool)(await MetadataSeenAsync(new()))["hasDeadline"]!);

    [Fact]
    public async Task What_is_left_of_the_current_deadline_is_passed_on_when_it_is_shorter()
    {
        GrpcDeadline.Current = DateTimeOffset.UtcNow.AddMinutes(10);
        Assert.InRange((double)(await MetadataSeenAsync(new(TimeSpan.FromHours(5))))["left"]!, 0, 600_000);
        Assert.InRange((double)(await MetadataSeenAsync(new()))["left"]!, 0, 600_000);

        GrpcDeadline.Current = DateTimeOffset.UtcNow.AddHours(5);
        Assert.InRange((double)(await MetadataSeenAsync(new(TimeSpan.FromMinutes(10))))["left"]!, 0, 600_000);
    }

    [Fact]
    public async Task A_call_whose_deadline_has_passed_is_not_sent()
    {
        using var nowhere = new GrpcChannel(new Uri("http://127.0.0.1:9"));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, await StatusOfAsync(() => nowhere.UnaryAsync(Echo.Say, new(), new(TimeSpan.Zero))));

        GrpcDeadline.Current = DateTimeOffset.UtcNow.AddSeconds(-1);
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, await StatusOfAsync(() => nowhere.UnaryAsync(Echo.Say, new(), new())));
    }

    [Fact]
    public async Task The_trace_is_passed_on()
    {
        using var activity = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();
        Assert.Contains(activity.TraceId.ToHexString(), (string?)(await MetadataSeenAsync(new()))["metadata"]!["traceparent"]![0]);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_ends_with_the_deadline() =>
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, await StatusOfAsync(
            () => channel.UnaryAsync(Echo.Say, new() { Text = "wait" }, new(TimeSpan.FromMilliseconds(200)))));

    [Fact]
    public async Task Cancelling_tells_the_server_and_is_not_taken_for_the_deadline()
    {
        await using var own = new NodePeer();
        await own.InitializeAsync();
        using var alone = new GrpcChannel(own.Server);
        using var cancelling = new CancellationTokenSource();
        var calling = alone.UnaryAsync(Echo.Say, new() { Text = "wait" }, new(TimeSpan.FromMinutes(10), CancellationToken: cancelling.Token));
        await alone.UnaryAsync(Echo.Say, new() { Text = "until:waiting:1" }, new());
        await cancelling.CancelAsync();
        Assert.Equal(GrpcStatusCode.Cancelled, await StatusOfAsync(() => calling));
        await alone.UnaryAsync(Echo.Say, new() { Text = "until:cancelled:1" }, new());
    }

    [Fact]
    public async Task Leaving_a_stream_early_cancels_it_at_the_server()
    {
        await using var own = new NodePeer();
        await own.InitializeAsync();
        using var alone = new GrpcChannel(own.Server);
        await foreach (var message in alone.ServerStreamingAsync(Echo.Repeat, new() { Text = "endless", Times = -1 }, new()))
        {
            if (message.Text == "endless 3") break;
        }

        await alone.UnaryAsync(Echo.Say, new() { Text = "until:cancelled:1" }, new());
    }

    [Fact]
    public async Task A_stream_arrives_whole_and_in_order()
    {
        var seen = await AllOfAsync(new() { Text = "item", Times = 1000 }, new());
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"item {i}"), seen);
    }

    [Fact]
    public async Task A_stream_of_large_messages_arrives_whole()
    {
        var text = new string('x', 200_000);
        var seen = await AllOfAsync(new() { Text = text, Times = 100 }, new());
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{text} {i}"), seen);
    }

    [Fact]
    public async Task A_stream_without_messages_is_a_success() => Assert.Empty(await AllOfAsync(new() { Text = "item", Times = 0 }, new()));

    [Fact]
    public async Task A_stream_that_fails_keeps_what_it_has_sent()
    {
        var seen = new List<string>();
        var refusal = await Assert.ThrowsAsync<GrpcException>(async () =>
        {
            await foreach (var message in channel.ServerStreamingAsync(Echo.Repeat, new() { Text = "item:10:moved", Times = 2 }, new())) seen.Add(message.Text);
        });
        Assert.Equal((GrpcStatusCode.Aborted, "moved"), (refusal.Status, refusal.Message));
        Assert.Equal(["item 0", "item 1"], seen);
    }

    [Fact]
    public async Task A_stream_ends_with_its_deadline() =>
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, await StatusOfAsync(
            () => AllOfAsync(new() { Text = "endless", Times = -1 }, new(TimeSpan.FromMilliseconds(300)))));

    [Fact]
    public async Task The_token_of_the_enumeration_cancels_a_stream_too()
    {
        using var cancelling = new CancellationTokenSource();
        var status = await StatusOfAsync(async () =>
        {
            await foreach (var _ in channel.ServerStreamingAsync(Echo.Repeat, new() { Text = "endless", Times = -1 }, new()).WithCancellation(cancelling.Token))
            {
                await cancelling.CancelAsync();
            }
        });
        Assert.Equal(GrpcStatusCode.Cancelled, status);
    }

    [Fact]
    public async Task Many_calls_share_the_channel()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => channel.UnaryAsync(Echo.Say, new() { Text = $"{i}" }, new())));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), answers.Select(a => a.Text));
    }

    public void Dispose() => channel.Dispose();

    async Task<JsonNode> MetadataSeenAsync(GrpcCallOptions options) =>
        JsonNode.Parse((await channel.UnaryAsync(Echo.Say, new() { Text = "metadata" }, options)).Text)!;

    async Task<List<string>> AllOfAsync(RepeatRequest request, GrpcCallOptions options)
    {
        var seen = new List<string>();
        await foreach (var message in channel.ServerStreamingAsync(Echo.Repeat, request, options)) seen.Add(message.Text);

        return seen;
    }

    static async Task<GrpcStatusCode> StatusOfAsync(Func<Task> call) => (await Assert.ThrowsAsync<GrpcException>(call)).Status;
}
