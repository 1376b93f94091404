using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Rosa.Platform.Grpc;

/// <summary>Where a server streaming handler puts its messages.</summary>
public sealed class GrpcStreamWriter<T> : IDisposable where T : class, IMessage<T>
{
    readonly HttpResponse response;
    readonly GrpcCallContext call;

    // Held during a write, and for good once the call has ended: no late write can then meet the trailers.
    readonly SemaphoreSlim turn = new(1, 1);
    bool closed;

    internal GrpcStreamWriter(HttpResponse response, GrpcCallContext call)
    {
        this.response = response;
        this.call = call;
    }

    /// <summary>Sends one message and waits until there is room for the next, so that a slow caller slows the handler down.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled, the deadline passed, or the call has ended.</exception>
    /// <exception cref="GrpcException">The message is over the limit.</exception>
    public async ValueTask WriteAsync(T message, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(call.CancellationToken);
        try
        {
            if (closed) throw new OperationCanceledException("The call has ended.");

            call.CancellationToken.ThrowIfCancellationRequested();
            cancellationToken.ThrowIfCancellationRequested();

            // Started before anything is written, so that a later failure knows its status belongs in the trailers.
            if (!response.HasStarted) await response.StartAsync(call.CancellationToken);
            GrpcFraming.Write(response.BodyWriter, message);

            // The call's own token: what is in the pipe goes out whether or not the handler still cares.
            await response.BodyWriter.FlushAsync(call.CancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Waits for a write under way and lets no other begin.</summary>
    internal async ValueTask CloseAsync()
    {
        await turn.WaitAsync(CancellationToken.None);
        closed = true;
        turn.Release();
    }

    void IDisposable.Dispose() => turn.Dispose();
}
