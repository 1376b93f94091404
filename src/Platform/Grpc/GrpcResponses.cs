using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Rosa.Platform.Grpc;

/// <summary>How a call's status reaches its caller, for handlers' endpoints and for middleware that answers in their place.</summary>
public static class GrpcResponses
{
    public const string ContentType = "application/grpc";

    /// <summary>True for the content types that gRPC owns: <c>application/grpc</c>, alone or followed by <c>+</c> or <c>;</c>.</summary>
    public static bool IsGrpcRequest(HttpContext http) => IsGrpc(http.Request.ContentType);

    /// <summary>
    /// Ends the call with a status: in the only header frame while nothing has been sent, which middleware can use in place of 401 or 403,
    /// else in the trailers. The response is complete afterwards, so that the caller has its answer though it may still be sending.
    /// </summary>
    public static Task WriteStatusAsync(HttpContext http, GrpcStatusCode status, string message)
    {
        var response = http.Response;
        if (response.HasStarted)
        {
            SetTrailers(http, status, message);
        }
        else
        {
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = ContentType;
            response.Headers.GrpcStatus = Text(status);
            if (message.Length > 0) response.Headers.GrpcMessage = GrpcText.Encode(message);
        }

        return response.CompleteAsync();
    }

    internal static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';');

    /// <summary>Sets the status that Kestrel sends after the body.</summary>
    internal static void SetTrailers(HttpContext http, GrpcStatusCode status, string message = "")
    {
        var trailers = http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        trailers.GrpcStatus = Text(status);
        if (message.Length > 0) trailers.GrpcMessage = GrpcText.Encode(message);
    }

    static string Text(GrpcStatusCode status) => status == GrpcStatusCode.OK ? "0" : ((int)status).ToString(CultureInfo.InvariantCulture);
}
