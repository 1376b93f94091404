using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Rosa.Platform.Grpc;

/// <summary>What the client makes of everything that can be wrong with an answer.</summary>
static class GrpcFailures
{
    /// <summary>The status a set of headers or trailers carries, or null when it carries none. A number that is none of ours is Unknown.</summary>
    public static (GrpcStatusCode Status, string Message)? StatusIn(HttpHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues("grpc-status", out var text)) return null;

        var known = int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= (int)GrpcStatusCode.Unauthenticated;
        var status = known ? (GrpcStatusCode)number : GrpcStatusCode.Unknown;
        var message = status != GrpcStatusCode.OK && headers.NonValidated.TryGetValues("grpc-message", out var encoded)
            ? GrpcText.Decode(encoded.ToString())
            : "";
        return (status, message);
    }

    /// <summary>An answer from something that does not speak gRPC: a proxy, a gateway, another server (grpc/doc/http-grpc-status-mapping.md).</summary>
    public static GrpcException FromHttp(HttpStatusCode status) => new(
        (int)status switch
        {
            400 => GrpcStatusCode.Internal,
            401 => GrpcStatusCode.Unauthenticated,
            403 => GrpcStatusCode.PermissionDenied,
            404 => GrpcStatusCode.Unimplemented,
            429 or 502 or 503 or 504 => GrpcStatusCode.Unavailable,
            _ => GrpcStatusCode.Unknown,
        },
        $"The server answered with HTTP status {(int)status}.");

    /// <summary>A call that broke off: its stream was reset, which the server chose to do, or its connection failed, which may heal.</summary>
    public static GrpcException FromTransport(Exception problem) =>
        ResetCodeOf(problem) is { } code ? new GrpcException(FromReset(code), $"The server reset the call with HTTP/2 error {code}.", problem)
        : problem is HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } && !IsLostConnection(problem)
            ? new GrpcException(GrpcStatusCode.Internal, "The server's answer is not valid HTTP.", problem)
        : new GrpcException(GrpcStatusCode.Unavailable, "The server cannot be reached, or the connection to it was lost.", problem);

    // A server that dies before it has sent its first frame counts as an invalid answer to .NET, and only the cause within says that the connection was lost.
    static bool IsLostConnection(Exception problem)
    {
        for (var cause = problem.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is IOException and not HttpIOException or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }) return true;
        }

        return false;
    }

    // grpc/doc/PROTOCOL-HTTP2.md, Errors.
    static GrpcStatusCode FromReset(long code) => code switch
    {
        7 => GrpcStatusCode.Unavailable,
        8 => GrpcStatusCode.Cancelled,
        11 => GrpcStatusCode.ResourceExhausted,
        12 => GrpcStatusCode.PermissionDenied,
        _ => GrpcStatusCode.Internal,
    };

    // HttpProtocolException stands for a reset stream (RST_STREAM) and for a connection that ended with an error (GOAWAY), and only
    // its text says which. Should the text change, a reset reads as a lost connection, and a test fails.
    static long? ResetCodeOf(Exception problem)
    {
        for (var inner = problem; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpProtocolException protocol)
            {
                return protocol.Message.Contains("reset the stream", StringComparison.Ordinal) ? protocol.ErrorCode : null;
            }
        }

        return null;
    }
}
