using System.Net;
using System.Net.Sockets;
using Rosa.Platform.Grpc;
using Rosa.Platform.Resilience;
using Rosa.Testing;

namespace Rosa.Platform.Tests.Grpc;

/// <summary>What our client makes of a server that breaks the protocol (<c>tests/Testing/node-grpc/bad-http2-server.js</c>).</summary>
public sealed class GrpcMisbehavingServerTests(NodePeer peer) : IDisposable
{
    readonly GrpcChannel channel = new(peer.BadServer);

    [Theory]
    [InlineData("missing-status", GrpcStatusCode.Unknown)]
    [InlineData("status.42", GrpcStatusCode.Unknown)]
    [InlineData("status-text", GrpcStatusCode.Unknown)]
    [InlineData("status.5", GrpcStatusCode.NotFound)]
    [InlineData("wrong-content-type", GrpcStatusCode.Unknown)]
    [InlineData("http.400", GrpcStatusCode.Internal)]
    [InlineData("http.401", GrpcStatusCode.Unauthenticated)]
    [InlineData("http.403", GrpcStatusCode.PermissionDenied)]
    [InlineData("http.404", GrpcStatusCode.Unimplemented)]
    [InlineData("http.429", GrpcStatusCode.Unavailable)]
    [InlineData("http.500", GrpcStatusCode.Unknown)]
    [InlineData("http.502", GrpcStatusCode.Unavailable)]
    [InlineData("http.503", GrpcStatusCode.Unavailable)]
    [InlineData("http.504", GrpcStatusCode.Unavailable)]
    [InlineData("http-with-status", GrpcStatusCode.ResourceExhausted)]
    [InlineData("trailers-only.5", GrpcStatusCode.NotFound)]
    [InlineData("trailers-only.0", GrpcStatusCode.Internal)]
    [InlineData("no-message", GrpcStatusCode.Internal)]
    [InlineData("two-messages", GrpcStatusCode.Internal)]
    [InlineData("cut", GrpcStatusCode.Internal)]
    [InlineData("cut-prefix", GrpcStatusCode.Internal)]
    [InlineData("cut-with-status", GrpcStatusCode.Aborted)]
    [InlineData("compressed", GrpcStatusCode.Internal)]
    [InlineData("too-large", GrpcStatusCode.ResourceExhausted)]
    [InlineData("not-protobuf", GrpcStatusCode.Internal)]
    public async Task A_broken_answer_has_a_status(string kind, GrpcStatusCode status) =>
        Assert.Equal(status, (await FailureAsync(kind)).Status);

    [Theory]
    [InlineData("bytes", "hi")]
    [InlineData("empty-message", "")]
    public async Task An_odd_but_valid_answer_is_read(string kind, string text) =>
        Assert.Equal(text, (await channel.UnaryAsync(Echo.SayOf(kind), new EchoMessage(), new())).Text);

    [Fact]
    public async Task A_message_in_the_only_header_frame_is_decoded() => Assert.Equal("café", (await FailureAsync("trailers-only.5")).Message);

    [Fact]
    public async Task A_message_with_wrong_escapes_is_shown_as_far_as_it_goes() =>
        Assert.Equal("50% of %zz is €%4", (await FailureAsync("bad-escapes")).Message);

    [Theory]
    [InlineData(0, GrpcStatusCode.Internal)]
    [InlineData(1, GrpcStatusCode.Internal)]
    [InlineData(2, GrpcStatusCode.Internal)]
    [InlineData(7, GrpcStatusCode.Unavailable)]
    [InlineData(8, GrpcStatusCode.Cancelled)]
    [InlineData(11, GrpcStatusCode.ResourceExhausted)]
    [InlineData(12, GrpcStatusCode.PermissionDenied)]
    public async Task A_reset_call_has_the_status_of_its_code(int code, GrpcStatusCode status)
    {
        Assert.Equal(status, (await FailureAsync($"reset.{code}")).Status);
        Assert.Equal(status, await StreamFailureAsync($"reset-later.{code}"));
    }

    // Taken for a reset, 2 would read as Internal, 8 as Cancelled, 11 as ResourceExhausted and 12 as PermissionDenied.
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(12)]
    public async Task A_connection_that_the_server_ends_is_unavailable_whatever_the_code(int code)
    {
        Assert.Equal(GrpcStatusCode.Unavailable, (await FailureAsync($"goaway.{code}")).Status);
        Assert.Equal(GrpcStatusCode.Unavailable, (await FailureAsync($"goaway-unhandled.{code}")).Status);
        Assert.Equal(GrpcStatusCode.Unavailable, await StreamFailureAsync($"goaway-later.{code}"));
    }

    [Fact]
    public async Task A_dropped_connection_is_unavailable()
    {
        Assert.Equal(GrpcStatusCode.Unavailable, (await FailureAsync("drop")).Status);
        Assert.Equal(GrpcStatusCode.Unavailable, await StreamFailureAsync("drop-later"));
    }

    [Fact]
    public async Task The_channel_recovers_after_a_lost_connection()
    {
        await FailureAsync("drop");
        Assert.Equal("hi", (await channel.UnaryAsync(Echo.SayOf("bytes"), new EchoMessage(), new())).Text);
    }

    [Fact]
    public async Task A_refused_connection_is_unavailable()
    {
        int free;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            free = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        using var nowhere = new GrpcChannel(new Uri($"http://127.0.0.1:{free}"));
        var failure = await Assert.ThrowsAsync<GrpcException>(() => nowhere.UnaryAsync(Echo.Say, new(), new()));
        Assert.Equal(GrpcStatusCode.Unavailable, failure.Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_dies_before_it_said_anything_is_unavailable_and_may_have_heard_the_call(bool withReset)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var dying = new GrpcChannel(new Uri($"http://{listener.LocalEndpoint}"));
        var call = dying.UnaryAsync(Echo.Say, new(), new());
        using (var connection = await listener.AcceptSocketAsync())
        {
            await connection.ReceiveAsync(new byte[4096]);   // which has the call already
            if (withReset) connection.LingerState = new LingerOption(true, 0);
        }
        var failure = await Assert.ThrowsAsync<GrpcException>(() => call);
        Assert.Equal(GrpcStatusCode.Unavailable, failure.Status);
        Assert.False(NotReached.Is(failure.InnerException!, CancellationToken.None));
    }

    [Fact]
    public async Task A_server_that_speaks_only_HTTP_1_is_unavailable()
    {
        await using var server = await EchoServer.StartAsync();
        using var old = new GrpcChannel(new Uri($"http://127.0.0.1:{server.Http1Port}"));
        var failure = await Assert.ThrowsAsync<GrpcException>(() => old.UnaryAsync(Echo.Say, new(), new()));
        Assert.Equal(GrpcStatusCode.Unavailable, failure.Status);
    }

    // An HTTP/2 server as far as its SETTINGS frame, which then answers nothing, pings included.
    [Fact]
    public async Task A_peer_that_vanished_is_noticed_without_a_deadline()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepting = Task.Run(async () =>
        {
            var connection = await listener.AcceptTcpClientAsync();
            await connection.GetStream().WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 });
            return connection;
        });

        var impatient = GrpcChannel.NewHandler();
        impatient.KeepAlivePingDelay = impatient.KeepAlivePingTimeout = TimeSpan.FromSeconds(1);
        using var vanished = new GrpcChannel(new Uri($"http://{listener.LocalEndpoint}"), impatient);
        var failure = await Assert.ThrowsAsync<GrpcException>(() => vanished.UnaryAsync(Echo.Say, new(), new()));
        Assert.Equal(GrpcStatusCode.Unavailable, failure.Status);
        using var connection = await accepting;
    }

    [Fact]
    public async Task A_silent_server_meets_the_deadline_or_the_callers_patience()
    {
        var late = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.SayOf("silent"), new(), new(TimeSpan.FromMilliseconds(100))));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, late.Status);

        using var cancelling = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        var cancelled = await Assert.ThrowsAsync<GrpcException>(
            () => channel.UnaryAsync(Echo.SayOf("silent"), new(), new(TimeSpan.FromMinutes(10), CancellationToken: cancelling.Token)));
        Assert.Equal(GrpcStatusCode.Cancelled, cancelled.Status);
    }

    public void Dispose() => channel.Dispose();

    Task<GrpcException> FailureAsync(string kind) =>
        Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(Echo.SayOf(kind), new EchoMessage { Text = "hi" }, new()));

    // The server goes on to break the stream when its first message has been read.
    async Task<GrpcStatusCode> StreamFailureAsync(string kind)
    {
        var failure = await Assert.ThrowsAsync<GrpcException>(async () =>
        {
            await foreach (var _ in channel.ServerStreamingAsync(Echo.RepeatOf(kind), new RepeatRequest(), new())) await peer.DoAsync("go", new { });
        });
        return failure.Status;
    }
}
