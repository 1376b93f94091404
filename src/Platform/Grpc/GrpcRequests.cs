using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Rosa.Platform.Grpc;

/// <summary>The server's reading side: which requests are gRPC calls, and the one message they carry.</summary>
static class GrpcRequests
{
    /// <summary>True when the request may be answered as gRPC; otherwise its plain HTTP refusal has been set.</summary>
    public static bool Accept(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            http.Response.Headers.Allow = HttpMethods.Post;
            return false;
        }

        if (!GrpcResponses.IsGrpcRequest(http))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return false;
        }

        if (!HttpProtocol.IsHttp2(http.Request.Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = "h2c";
            return false;
        }

        return true;
    }

    /// <summary>Takes Kestrel's limits off the request: the message limit and the deadline stand in their place.</summary>
    /// <exception cref="GrpcException">The messages are encoded in a way we do not read.</exception>
    public static void Prepare(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;

        var encoding = http.Request.Headers.GrpcEncoding;
        if (encoding.Count == 0 || encoding == "identity") return;

        http.Response.Headers.GrpcAcceptEncoding = "identity";
        throw new GrpcException(GrpcStatusCode.Unimplemented, "Messages are not compressed here.");
    }

    /// <summary>Reads the request to its end and returns its only message.</summary>
    /// <exception cref="GrpcException">There is no message, a second one, or one that is cut, too large or malformed.</exception>
    public static async ValueTask<T> ReadOnlyMessageAsync<T>(PipeReader reader, MessageParser<T> parser, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        T? message = null;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var rest = result.Buffer;
            if (message is null && GrpcFraming.TryRead(ref rest, parser, out var found)) message = found;
            if (message is not null && !rest.IsEmpty) throw new GrpcException(GrpcStatusCode.Internal, "The request holds more than one message.");

            var ended = rest.IsEmpty ? "The request holds no message." : "The request's message is cut.";
            reader.AdvanceTo(rest.Start, rest.End);
            if (!result.IsCompleted) continue;

            return message ?? throw new GrpcException(GrpcStatusCode.Internal, ended);
        }
    }
}
