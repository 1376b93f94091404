using Microsoft.AspNetCore.Http;

namespace Rosa.Platform.Grpc;

/// <summary>What a handler knows of its call beside the message. It is of no use after the handler's end.</summary>
public sealed class GrpcCallContext : IDisposable
{
    CancellationTokenSource? deadlineSource;

    internal GrpcCallContext(HttpContext http) => HttpContext = http;

    public HttpContext HttpContext { get; }

    /// <summary>When the caller stops waiting, UTC; null when it never does.</summary>
    public DateTimeOffset? Deadline { get; private set; }

    /// <summary>Time left until <see cref="Deadline"/>, never negative; null when there is none.</summary>
    public TimeSpan? Remaining => Deadline is { } deadline ? TimeSpan.FromTicks(Math.Max(0, (deadline - DateTimeOffset.UtcNow).Ticks)) : null;

    /// <summary>Fires when the caller cancels or is gone, and when the deadline passes.</summary>
    public CancellationToken CancellationToken => deadlineSource?.Token ?? HttpContext.RequestAborted;

    internal bool CallerIsGone => HttpContext.RequestAborted.IsCancellationRequested;

    internal bool DeadlinePassed => deadlineSource is { IsCancellationRequested: true } && !CallerIsGone;

    /// <summary>Reads the caller's deadline, arms it and makes it the current one.</summary>
    /// <exception cref="GrpcException">The header is malformed or the time is already over.</exception>
    internal void StartDeadline()
    {
        var header = HttpContext.Request.Headers.GrpcTimeout;
        if (header.Count == 0) return;

        if (!GrpcTimeout.TryParse(header.ToString(), out var timeout))
        {
            throw new GrpcException(GrpcStatusCode.Internal, "The grpc-timeout header is malformed.");
        }

        if (timeout <= TimeSpan.Zero) throw new GrpcException(GrpcStatusCode.DeadlineExceeded, GrpcServer.DeadlineText);

        Deadline = DateTimeOffset.UtcNow + timeout;
        GrpcDeadline.Current = Deadline;
        deadlineSource = CancellationTokenSource.CreateLinkedTokenSource(HttpContext.RequestAborted);
        deadlineSource.CancelAfter(timeout);
    }

    /// <summary>Waits for the handler, but no longer than the deadline: a handler that ignores its token keeps nobody waiting.</summary>
    internal Task WithinDeadlineAsync(Task handler) => deadlineSource is null || handler.IsCompleted ? handler : handler.WaitAsync(deadlineSource.Token);

    void IDisposable.Dispose() => deadlineSource?.Dispose();
}
