namespace Rosa.Platform.Grpc;

/// <summary>
/// A call that did not end with <see cref="GrpcStatusCode.OK"/>. A handler throws it to choose the status its caller sees; the client
/// throws it for every failed call, whether the server, the network, the deadline or the caller's own cancellation ended it.
/// </summary>
/// <param name="message">Text for the other side: it goes over the wire, so it holds no internals.</param>
/// <param name="cause">What the client caught, for the log; never sent.</param>
public sealed class GrpcException(GrpcStatusCode status, string message, Exception? cause = null) : Exception(message, cause)
{
    public GrpcStatusCode Status { get; } = status;
}
