using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Rosa.Platform.Grpc;
using Rosa.Testing;

namespace Rosa.Platform.Tests.Grpc;

/// <summary>Calls that grpc-js makes to our server.</summary>
public class GrpcServerWithGrpcJsTests(NodePeer peer)
{
    const int DeadlineExceeded = (int)GrpcStatusCode.DeadlineExceeded;

    [Theory]
    [InlineData("hello", 0)]
    [InlineData("", 0)]
    [InlineData("a few blocks", 20_000)]
    [InlineData("nearly the limit", GrpcFraming.MessageLimit - 100)]
    public async Task A_message_goes_there_and_back(string text, int payloadSize)
    {
        await using var server = await EchoServer.StartAsync();
        var ended = await peer.DoAsync("say", new { port = server.Port, text, payloadSize });
        Assert.Equal(0, Code(ended));
        Assert.Equal(text, (string?)ended["message"]!["text"]);
        Assert.Equal(payloadSize, (int)ended["payloadSize"]!);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_before_it_is_read()
    {
        await using var server = await EchoServer.StartAsync();
        var ended = await peer.DoAsync("say", new { port = server.Port, text = "large", payloadSize = GrpcFraming.MessageLimit });
        Assert.Equal((int)GrpcStatusCode.ResourceExhausted, Code(ended));
    }

    [Fact]
    public async Task An_answer_over_the_limit_is_not_sent()
    {
        await using var server = await EchoServer.StartAsync(
            (_, _) => Task.FromResult(new EchoMessage { Payload = Google.Protobuf.ByteString.CopyFrom(new byte[GrpcFraming.MessageLimit]) }));
        Assert.Equal((int)GrpcStatusCode.ResourceExhausted, Code(await peer.DoAsync("say", new { port = server.Port, text = "" })));
    }

    [Fact]
    public async Task A_refusal_brings_its_status_and_text()
    {
        await using var server = await EchoServer.StartAsync((_, _) => throw new GrpcException(GrpcStatusCode.FailedPrecondition, "100 % épuisé\n"));
        var ended = await peer.DoAsync("say", new { port = server.Port, text = "" });
        Assert.Equal((int)GrpcStatusCode.FailedPrecondition, Code(ended));
        Assert.Equal("100 % épuisé\n", (string?)ended["details"]);
    }

    [Fact]
    public async Task An_unexpected_exception_is_logged_and_its_text_stays_here()
    {
        await using var server = await EchoServer.StartAsync((_, _) => throw new InvalidOperationException("password=secret"));
        var ended = await peer.DoAsync("say", new { port = server.Port, text = "" });
        Assert.Equal((int)GrpcStatusCode.Unknown, Code(ended));
        Assert.Equal("The call failed.", (string?)ended["details"]);
        Assert.Contains("password=secret", Assert.Single(server.Errors.Lines));
    }

    [Fact]
    public async Task A_database_that_is_down_is_unavailable_so_that_another_instance_is_asked()
    {
        await using var server = await EchoServer.StartAsync((_, _) => throw new Npgsql.NpgsqlException("password=secret", new System.Net.Sockets.SocketException()));
        var ended = await peer.DoAsync("say", new { port = server.Port, text = "" });
        Assert.Equal((int)GrpcStatusCode.Unavailable, Code(ended));
        Assert.DoesNotContain("secret", (string?)ended["details"]);
        Assert.Empty(server.Errors.Lines);
    }

    [Fact]
    public async Task A_handlers_own_IO_failure_is_not_taken_for_a_caller_who_left()
    {
        await using var server = await EchoServer.StartAsync((_, _) => throw new IOException("disk full"));
        Assert.Equal((int)GrpcStatusCode.Unknown, Code(await peer.DoAsync("say", new { port = server.Port, text = "" })));
        Assert.Contains("disk full", Assert.Single(server.Errors.Lines));
    }

    [Fact]
    public async Task A_server_that_stops_finishes_the_calls_it_has()
    {
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var server = await EchoServer.StartAsync(async (message, _) =>
        {
            started.SetResult();
            await release.Task;
            return message;
        });
        var calling = peer.DoAsync("say", new { port = server.Port, text = "last" });
        await started.Task;
        var stopping = server.StopAsync();
        release.SetResult();
        Assert.Equal("last", (string?)(await calling)["message"]!["text"]);
        await stopping;
        Assert.Equal((int)GrpcStatusCode.Unavailable, Code(await peer.DoAsync("say", new { port = server.Port, text = "too late" })));
    }

    [Fact]
    public async Task Metadata_reaches_the_handler_and_comes_back()
    {
        await using var server = await EchoServer.StartAsync((_, call) =>
        {
            var request = call.HttpContext.Request.Headers;
            call.HttpContext.Response.Headers["seen"] = request["correlation-id"];
            call.HttpContext.Response.AppendTrailer("last", "word");
            return Task.FromResult(new EchoMessage { Text = Convert.ToHexString(GrpcMetadata.ReadBinary(request, "key-bin").Single()) });
        });
        var ended = await peer.DoAsync("say", new
        {
            port = server.Port,
            text = "",
            metadata = new Dictionary<string, string> { ["correlation-id"] = "c-1" },
            binary = new Dictionary<string, string> { ["key-bin"] = "/wABAg==" },
        });
        Assert.Equal("FF000102", (string?)ended["message"]!["text"]);
        Assert.Equal("c-1", (string?)ended["headers"]!["seen"]![0]);
        Assert.Equal("word", (string?)ended["trailers"]!["last"]![0]);
    }

    [Fact]
    public async Task A_stream_arrives_whole_and_in_order()
    {
        await using var server = await EchoServer.StartAsync();
        var ended = await peer.DoAsync("repeat", new { port = server.Port, text = "item", times = 1000 });
        Assert.Equal(0, Code(ended));
        Assert.Equal(1000, (int)ended["count"]!);
        Assert.Equal("item 999", (string?)ended["last"]);
    }

    [Fact]
    public async Task A_stream_without_messages_is_a_success()
    {
        await using var server = await EchoServer.StartAsync();
        var ended = await peer.DoAsync("repeat", new { port = server.Port, text = "item", times = 0 });
        Assert.Equal(0, Code(ended));
        Assert.Equal(0, (int)ended["count"]!);
    }

    [Fact]
    public async Task A_stream_of_20_megabytes_waits_for_a_reader_that_pauses()
    {
        var text = new string('x', 100_000);
        await using var server = await EchoServer.StartAsync();
        var ended = await peer.DoAsync("repeat", new { port = server.Port, text, times = 200, pauseAfter = 3 });
        Assert.Equal(0, Code(ended));
        Assert.Equal(200, (int)ended["count"]!);
    }

    [Fact]
    public async Task A_stream_that_fails_keeps_what_it_has_sent()
    {
        await using var server = await EchoServer.StartAsync(repeat: async (_, writer, call) =>
        {
            await writer.WriteAsync(new EchoMessage { Text = "first" }, call.CancellationToken);
            throw new GrpcException(GrpcStatusCode.Aborted, "changed under you");
        });
        var ended = await peer.DoAsync("repeat", new { port = server.Port, text = "item", times = 2 });
        Assert.Equal((int)GrpcStatusCode.Aborted, Code(ended));
        Assert.Equal("changed under you", (string?)ended["details"]);
        Assert.Equal("first", (string?)ended["last"]);
    }

    static async Task UntilCancelledAsync(GrpcCallContext call, TaskCompletionSource stopped)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        }
        finally
        {
            stopped.SetResult();
        }
    }

    [Fact]
    public async Task Cancelling_a_call_reaches_the_handler()
    {
        var started = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        await using var server = await EchoServer.StartAsync(async (message, call) =>
        {
            started.SetResult();
            await UntilCancelledAsync(call, stopped);
            return message;
        });
        var calling = peer.DoAsync("say", new { port = server.Port, text = "", name = "to cancel" });
        await started.Task;
        await peer.DoAsync("cancel", new { name = "to cancel" });
        await stopped.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((int)GrpcStatusCode.Cancelled, Code(await calling));
        Assert.Empty(server.Errors.Lines);
    }

    [Fact]
    public async Task Cancelling_a_stream_ends_its_writes()
    {
        var stopped = new TaskCompletionSource<Exception?>();
        await using var server = await EchoServer.StartAsync(repeat: async (_, writer, _) =>
        {
            try
            {
                while (true) await writer.WriteAsync(new EchoMessage { Text = "more" }, CancellationToken.None);
            }
            catch (Exception problem)
            {
                stopped.SetResult(problem);
                throw;
            }
        });
        var ended = await peer.DoAsync("repeat", new { port = server.Port, text = "", times = 1, cancelAfter = 5 });
        Assert.Equal((int)GrpcStatusCode.Cancelled, Code(ended));
        Assert.IsAssignableFrom<OperationCanceledException>(await stopped.Task);
        Assert.Empty(server.Errors.Lines);
    }

    [Fact]
    public async Task A_deadline_reaches_the_handler()
    {
        await using var server = await EchoServer.StartAsync((_, call) =>
            Task.FromResult(new EchoMessage { Text = $"{call.Remaining > TimeSpan.FromMinutes(5)} {call.Deadline == GrpcDeadline.Current}" }));
        var ended = await peer.DoAsync("say", new { port = server.Port, text = "", deadlineMs = 600_000 });
        Assert.Equal("True True", (string?)ended["message"]!["text"]);
    }

    [Fact]
    public async Task A_passed_deadline_ends_the_call_at_both_ends()
    {
        var stopped = new TaskCompletionSource();
        await using var server = await EchoServer.StartAsync(async (message, call) =>
        {
            await UntilCancelledAsync(call, stopped);
            return message;
        });
        Assert.Equal(DeadlineExceeded, Code(await peer.DoAsync("say", new { port = server.Port, text = "", deadlineMs = 1_500 })));
        await stopped.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Middleware_can_refuse_a_call_with_a_status()
    {
        await using var server = await EchoServer.StartAsync(configure: app => app.Use(next => http =>
            GrpcResponses.IsGrpcRequest(http)
            ? GrpcResponses.WriteStatusAsync(http, GrpcStatusCode.Unauthenticated, "A service token is needed.")
            : next(http)));
        var ended = await peer.DoAsync("say", new { port = server.Port, text = "" });
        Assert.Equal((int)GrpcStatusCode.Unauthenticated, Code(ended));
        Assert.Equal("A service token is needed.", (string?)ended["details"]);
    }

    [Theory]
    [InlineData(StatusCodes.Status401Unauthorized, GrpcStatusCode.Unauthenticated)]
    [InlineData(StatusCodes.Status403Forbidden, GrpcStatusCode.PermissionDenied)]
    public async Task Middleware_that_knows_nothing_of_gRPC_is_understood(int httpStatus, GrpcStatusCode status)
    {
        await using var server = await EchoServer.StartAsync(configure: app => app.Use(_ => http =>
        {
            http.Response.StatusCode = httpStatus;
            return Task.CompletedTask;
        }));
        Assert.Equal((int)status, Code(await peer.DoAsync("say", new { port = server.Port, text = "" })));
    }

    static int Code(JsonObject ended) => (int)ended["code"]!;
}
