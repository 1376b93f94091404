using Google.Protobuf;

namespace Rosa.Contracts;

/// <summary>One gRPC method as both its server and its clients name it.</summary>
/// <param name="Service">Full service name with its package, e.g. <c>mamie_rosa.CatalogService</c>.</param>
/// <param name="Name">Method name as in the .proto file.</param>
/// <param name="SafeToRepeat">True when a second call does no harm, so that a client may try another instance.</param>
public sealed record GrpcMethod<TRequest, TResponse>(
    string Service, string Name, MessageParser<TRequest> RequestParser, MessageParser<TResponse> ResponseParser, bool SafeToRepeat)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    /// <summary>The HTTP/2 path, <c>/package.Service/Method</c>.</summary>
    public string Path { get; } = $"/{Service}/{Name}";
}
