using System.Net;
using System.Text.Json.Nodes;
using Rosa.Platform.Grpc;

namespace Rosa.Platform.Tests.Grpc;

/// <summary>Requests to our server that no gRPC library sends, byte by byte over node's http2 or as plain HTTP.</summary>
public class GrpcRawRequestTests(NodePeer peer)
{
    const string Say = "/rosa.testing.Echo/Say";

    // EchoMessage { Text = "hi" } behind its prefix.
    static readonly byte[] hi = [0, 0, 0, 0, 4, 0x0a, 2, (byte)'h', (byte)'i'];

    [Fact]
    public async Task A_message_may_come_one_byte_to_a_frame()
    {
        var answer = await SendAsync(chunks: [.. hi.Select(b => new[] { b })]);
        Assert.Equal(GrpcStatusCode.OK, StatusOf(answer));
        Assert.Equal(Convert.ToBase64String(hi), (string?)answer["body"]);
    }

    [Fact]
    public async Task A_slow_request_is_not_held_to_the_servers_data_rate() =>
        Assert.Equal(GrpcStatusCode.OK, StatusOf(await SendAsync(chunks: [hi[..2], hi[2..]], pauseMs: 4_000)));

    [Fact]
    public async Task A_message_of_no_bytes_is_a_message()
    {
        var answer = await SendAsync(chunks: [[0, 0, 0, 0, 0]]);
        Assert.Equal(GrpcStatusCode.OK, StatusOf(answer));
        Assert.Equal(Convert.ToBase64String(new byte[5]), (string?)answer["body"]);
    }

    public static TheoryData<string, byte[], GrpcStatusCode> BrokenBodies => new()
    {
        { "no message", [], GrpcStatusCode.Internal },
        { "cut prefix", hi[..3], GrpcStatusCode.Internal },
        { "cut message", hi[..7], GrpcStatusCode.Internal },
        { "two messages", [.. hi, .. hi], GrpcStatusCode.Internal },
        { "a message and a bit", [.. hi, 0], GrpcStatusCode.Internal },
        { "compressed", [1, .. hi[1..]], GrpcStatusCode.Internal },
        { "a flag there is not", [2, .. hi[1..]], GrpcStatusCode.Internal },
        { "not Protobuf", [0, 0, 0, 0, 2, 0x0a, 200], GrpcStatusCode.Internal },
        { "longest length there is", [0, 255, 255, 255, 255, 1, 2, 3], GrpcStatusCode.ResourceExhausted },
        { "one byte over the limit", [0, 0, 0x40, 0, 1], GrpcStatusCode.ResourceExhausted },
    };

    [Theory]
    [MemberData(nameof(BrokenBodies))]
    public async Task A_broken_body_is_refused_with_a_status(string kind, byte[] body, GrpcStatusCode status)
    {
        var answer = await SendAsync(chunks: body.Length == 0 ? [] : [body]);
        Assert.True(status == StatusOf(answer), $"{kind}: {answer}");
        Assert.Equal(200, (int)answer["headers"]![":status"]!);
        Assert.True((bool)answer["trailersOnly"]!);
    }

    [Fact]
    public async Task A_refusal_does_not_wait_for_the_rest_of_the_request()
    {
        Assert.Equal(GrpcStatusCode.ResourceExhausted, StatusOf(await SendAsync(chunks: [[0, 255, 255, 255, 255]], end: false)));
        Assert.Equal(GrpcStatusCode.Internal, StatusOf(await SendAsync(chunks: [[.. hi, .. hi]], end: false)));
    }

    [Fact]
    public async Task A_request_that_never_ends_meets_its_deadline() =>
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, StatusOf(await SendAsync(new() { ["grpc-timeout"] = "200m" }, [hi[..6]], end: false)));

    [Theory]
    [InlineData("0S", GrpcStatusCode.DeadlineExceeded)]
    [InlineData("0n", GrpcStatusCode.DeadlineExceeded)]
    [InlineData("99999999H", GrpcStatusCode.OK)]
    [InlineData("1000S", GrpcStatusCode.OK)]
    [InlineData("-1S", GrpcStatusCode.Internal)]
    [InlineData("soon", GrpcStatusCode.Internal)]
    [InlineData("123456789S", GrpcStatusCode.Internal)]
    public async Task A_timeout_header_is_kept_to(string timeout, GrpcStatusCode status) =>
        Assert.Equal(status, StatusOf(await SendAsync(new() { ["grpc-timeout"] = timeout }, [hi])));

    [Theory]
    [InlineData("gzip", GrpcStatusCode.Unimplemented, "identity")]
    [InlineData("identity", GrpcStatusCode.OK, null)]
    public async Task An_encoding_we_do_not_read_is_refused_with_those_we_do(string encoding, GrpcStatusCode status, string? accepted)
    {
        var answer = await SendAsync(new() { ["grpc-encoding"] = encoding }, [hi]);
        Assert.Equal(status, StatusOf(answer));
        Assert.Equal(accepted, (string?)answer["headers"]!["grpc-accept-encoding"]);
    }

    [Theory]
    [InlineData("application/grpc", 200)]
    [InlineData("application/grpc+proto", 200)]
    [InlineData("application/grpc;charset=utf-8", 200)]
    [InlineData("application/grpcx", 415)]
    [InlineData("application/grpc-web", 415)]
    [InlineData("application/json", 415)]
    public async Task Only_content_types_of_gRPC_are_taken(string contentType, int httpStatus)
    {
        var answer = await SendAsync(new() { ["content-type"] = contentType }, [hi]);
        Assert.Equal(httpStatus, (int)answer["headers"]![":status"]!);
    }

    [Theory]
    [InlineData("/rosa.testing.Echo/Shout")]
    [InlineData("/no.such.Service/Say")]
    [InlineData("/")]
    public async Task An_unknown_method_is_unimplemented(string path)
    {
        var answer = await SendAsync(new() { [":path"] = path }, [hi]);
        Assert.Equal(200, (int)answer["headers"]![":status"]!);
        Assert.Equal(GrpcStatusCode.Unimplemented, StatusOf(answer));
    }

    [Fact]
    public async Task Only_POST_is_taken()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Http1Port}") };
        var answer = await client.GetAsync(Say, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal("POST", Assert.Single(answer.Content.Headers.Allow));
    }

    [Theory]
    [InlineData(Say)]
    [InlineData("/no.such.Service/Say")]
    public async Task HTTP_1_is_told_to_upgrade(string path)
    {
        await using var server = await EchoServer.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Http1Port}") };
        using var content = new ByteArrayContent(hi) { Headers = { ContentType = new("application/grpc") } };
        Assert.Equal(HttpStatusCode.UpgradeRequired, (await client.PostAsync(path, content, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Requests_that_are_not_gRPC_keep_their_answers()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Http1Port}") };
        var cancellationToken = TestContext.Current.CancellationToken;
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/plain", cancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/no/such", cancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync("/plain", null, cancellationToken)).StatusCode);
    }

    async Task<JsonObject> SendAsync(Dictionary<string, string>? headers = null, byte[][]? chunks = null, bool end = true, int pauseMs = 0)
    {
        await using var server = await EchoServer.StartAsync();
        var all = new Dictionary<string, string>(headers ?? []);
        all.TryAdd(":path", Say);
        var sent = (chunks ?? []).Select(Convert.ToBase64String);
        return await peer.DoAsync("raw", new { port = server.Port, headers = all, chunks = sent, end, pauseMs });
    }

    static GrpcStatusCode StatusOf(JsonObject answer) =>
        Enum.Parse<GrpcStatusCode>((string?)(answer["trailers"] ?? answer["headers"])!["grpc-status"] ?? "-1");
}
