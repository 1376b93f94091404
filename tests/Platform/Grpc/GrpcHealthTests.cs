using Rosa.Contracts.Health;
using Rosa.Platform.Grpc;
using ServingStatus = Rosa.Contracts.Health.HealthCheckResponse.Types.ServingStatus;

namespace Rosa.Platform.Tests.Grpc;

public class GrpcHealthTests(NodePeer peer)
{
    [Theory]
    [InlineData("", true, "SERVING")]
    [InlineData("rosa.testing.Echo", true, "SERVING")]
    [InlineData("rosa.testing.Echo", false, "NOT_SERVING")]
    public async Task Check_tells_grpc_js_whether_the_server_is_ready(string service, bool ready, string status)
    {
        await using var server = await EchoServer.StartAsync();
        server.IsReady = ready;
        var ended = await peer.DoAsync("check", new { port = server.Port, service });
        Assert.Equal(status, (string?)ended["message"]!["status"]);
    }

    [Fact]
    public async Task Check_does_not_find_an_unknown_service()
    {
        await using var server = await EchoServer.StartAsync();
        var ended = await peer.DoAsync("check", new { port = server.Port, service = "another.Service" });
        Assert.Equal((int)GrpcStatusCode.NotFound, (int)ended["code"]!);
    }

    [Fact]
    public async Task Watch_tells_grpc_js_of_an_unknown_service_and_stays_open()
    {
        await using var server = await EchoServer.StartAsync();
        var ended = await peer.DoAsync("watch", new { port = server.Port, service = "another.Service", deadlineMs = 4_000 });
        Assert.Equal((int)GrpcStatusCode.DeadlineExceeded, (int)ended["code"]!);
        Assert.Equal("SERVICE_UNKNOWN", (string?)Assert.Single(ended["messages"]!.AsArray()));
    }

    [Fact]
    public async Task Watch_sends_what_changes_and_ends_with_the_server()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = server.Connect();
        var seen = channel.ServerStreamingAsync(GrpcHealth.Watch, new HealthCheckRequest(), new()).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await seen.MoveNextAsync());
        Assert.Equal(ServingStatus.Serving, seen.Current.Status);

        server.IsReady = false;
        Assert.True(await seen.MoveNextAsync());
        Assert.Equal(ServingStatus.NotServing, seen.Current.Status);

        server.IsReady = true;
        Assert.True(await seen.MoveNextAsync());
        Assert.Equal(ServingStatus.Serving, seen.Current.Status);

        var stopping = server.StopAsync();
        Assert.True(await seen.MoveNextAsync());
        Assert.Equal(ServingStatus.NotServing, seen.Current.Status);
        var ended = await Assert.ThrowsAsync<GrpcException>(async () => await seen.MoveNextAsync());
        Assert.Equal(GrpcStatusCode.Unavailable, ended.Status);
        await stopping;
    }

    [Fact]
    public async Task Our_client_checks_a_grpc_js_server()
    {
        using var channel = new GrpcChannel(peer.Server);
        Assert.Equal(ServingStatus.Serving, (await channel.UnaryAsync(GrpcHealth.Check, new(), new())).Status);

        var unknown = await Assert.ThrowsAsync<GrpcException>(() => channel.UnaryAsync(GrpcHealth.Check, new() { Service = "another" }, new()));
        Assert.Equal(GrpcStatusCode.NotFound, unknown.Status);

        await foreach (var status in channel.ServerStreamingAsync(GrpcHealth.Watch, new(), new()))
        {
            Assert.Equal(ServingStatus.ServiceUnknown, status.Status);
            break;
        }
    }
}
