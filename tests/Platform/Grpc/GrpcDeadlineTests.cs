using Rosa.Platform.Grpc;
using Rosa.Testing;

namespace Rosa.Platform.Tests.Grpc;

/// <summary>What the server does at the deadline, seen through a client without a timer of its own.</summary>
public class GrpcDeadlineTests(NodePeer peer)
{
    const string Say = "/rosa.testing.Echo/Say";
    const string Repeat = "/rosa.testing.Echo/Repeat";

    [Fact]
    public async Task A_handler_that_ignores_its_token_keeps_nobody_waiting_and_may_still_use_its_request()
    {
        var release = new TaskCompletionSource();
        var after = new TaskCompletionSource<string>();
        await using var server = await EchoServer.StartAsync(async (message, call) =>
        {
            await release.Task;
            var services = call.HttpContext.RequestServices is not null;
            after.SetResult($"{call.HttpContext.Request.Path} {services} {call.Remaining}");
            throw new InvalidOperationException("nobody hears this");
        });

        Assert.Equal("4", await StatusAtDeadlineAsync(server, Say));
        release.SetResult();
        Assert.Equal($"{Say} True 00:00:00", await after.Task);
    }

    [Fact]
    public async Task A_stream_that_outlives_its_deadline_can_no_longer_write()
    {
        var release = new TaskCompletionSource();
        var late = new TaskCompletionSource<Exception?>();
        await using var server = await EchoServer.StartAsync(repeat: async (_, writer, _) =>
        {
            await writer.WriteAsync(new EchoMessage { Text = "in time" }, CancellationToken.None);
            await release.Task;
            late.SetResult(await Record.ExceptionAsync(async () => await writer.WriteAsync(new EchoMessage(), CancellationToken.None)));
        });

        Assert.Equal("4", await StatusAtDeadlineAsync(server, Repeat));
        release.SetResult();
        Assert.IsAssignableFrom<OperationCanceledException>(await late.Task);
    }

    [Fact]
    public async Task A_handler_that_heeds_its_token_answers_with_the_deadline_and_not_with_an_error()
    {
        await using var server = await EchoServer.StartAsync(async (message, call) =>
        {
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return message;
        });
        Assert.Equal("4", await StatusAtDeadlineAsync(server, Say));
        Assert.Empty(server.Errors.Lines);
    }

    [Fact]
    public async Task A_handlers_own_calls_inherit_the_deadline()
    {
        using var downstream = new GrpcChannel(peer.Server);
        await using var server = await EchoServer.StartAsync(
            (_, call) => downstream.UnaryAsync(Echo.Say, new EchoMessage { Text = "metadata" }, new(CancellationToken: call.CancellationToken)));
        using var channel = server.Connect();
        Assert.Contains("\"hasDeadline\":true", (await channel.UnaryAsync(Echo.Say, new(), new(TimeSpan.FromMinutes(1)))).Text);
        Assert.Contains("\"hasDeadline\":false", (await channel.UnaryAsync(Echo.Say, new(), new())).Text);
    }

    [Fact]
    public async Task A_call_cut_short_downstream_by_the_same_deadline_is_reported_as_the_deadline()
    {
        using var downstream = new GrpcChannel(peer.Server);
        await using var server = await EchoServer.StartAsync(
            (_, call) => downstream.UnaryAsync(Echo.Say, new EchoMessage { Text = "wait" }, new(CancellationToken: call.CancellationToken)));
        Assert.Equal("4", await StatusAtDeadlineAsync(server, Say));
    }

    [Fact]
    public async Task A_stream_writes_one_message_at_a_time_however_many_write()
    {
        await using var server = await EchoServer.StartAsync(repeat: (request, writer, call) => Task.WhenAll(Enumerable.Range(0, request.Times).Select(
            i => Task.Run(async () => await writer.WriteAsync(new EchoMessage { Text = $"{i}" }, call.CancellationToken)))));
        using var channel = server.Connect();
        var seen = new List<int>();
        await foreach (var message in channel.ServerStreamingAsync(Echo.Repeat, new RepeatRequest { Times = 500 }, new()))
        {
            seen.Add(int.Parse(message.Text, System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal(Enumerable.Range(0, 500), seen.Order());
    }

    async Task<string?> StatusAtDeadlineAsync(EchoServer server, string path)
    {
        var headers = new Dictionary<string, string> { [":path"] = path, ["grpc-timeout"] = "1S" };
        var answer = await peer.DoAsync("raw", new { port = server.Port, headers, chunks = new[] { Convert.ToBase64String(new byte[5]) } });
        return (string?)(answer["trailers"] ?? answer["headers"])!["grpc-status"];
    }
}
