using System.Buffers;
using System.Net;
using Google.Protobuf;

namespace Rosa.Platform.Grpc;

/// <summary>One message as the body of a request. It is written when it is sent, and again when the connection asks for that.</summary>
sealed class GrpcRequestContent<T> : HttpContent where T : class, IMessage<T>
{
    readonly T message;
    readonly int length;

    /// <exception cref="GrpcException">The message is over the limit.</exception>
    public GrpcRequestContent(T message)
    {
        this.message = message;
        length = GrpcFraming.LengthOf(message);
        Headers.TryAddWithoutValidation("Content-Type", GrpcResponses.ContentType);
    }

    protected override bool TryComputeLength(out long size)
    {
        size = GrpcFraming.PrefixSize + length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Rented here and not for the whole call: the answer may come, and the call end, before the request has left.
        var size = GrpcFraming.PrefixSize + length;
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            GrpcFraming.WriteTo(buffer, message, length);
            await stream.WriteAsync(buffer.AsMemory(0, size), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
