using System.Diagnostics;
using System.Threading.Channels;
using Rosa.Platform.Hosting;

namespace Rosa.Platform.Database;

/// <summary>
/// Gathers requests that arrive while one round trip is under way and answers them with the next: a group commit.
/// Under no load a request goes at once and alone; under load a hundred share one statement, one commit and one row lock.
/// </summary>
/// <remarks>What a batch does is shown, in traces, logs and the events that it tells, as done for the first of its requests.</remarks>
/// <param name="handle">Answers all requests of a batch, in their order. When it throws, every request of that batch fails with it.</param>
/// <param name="maxBatch">The most that one round trip carries.</param>
/// <param name="workers">Round trips at the same time. One keeps a strict order.</param>
public sealed class RequestBatcher<TRequest, TAnswer>(
    Func<IReadOnlyList<TRequest>, CancellationToken, Task<IReadOnlyList<TAnswer>>> handle, int maxBatch, int workers = 1) : IAsyncDisposable
{
    sealed record Waiting(TRequest Request, TaskCompletionSource<TAnswer> Answer, Activity? Span, string? CorrelationId);

    readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(10_000) { SingleReader = workers == 1 });
    readonly CancellationTokenSource stopping = new();
    readonly Lock starting = new();
    Task[]? running;

    /// <summary>Waits for the answer to one request. Giving up waiting does not take the request back.</summary>
    public async Task<TAnswer> AskAsync(TRequest request, CancellationToken cancellationToken)
    {
        Start();
        var waiting = new Waiting(request, new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously), Activity.Current, Correlation.Current);
        await queue.Writer.WriteAsync(waiting, cancellationToken);
        return await waiting.Answer.Task.WaitAsync(cancellationToken);
    }

    void Start()
    {
        if (running is not null) return;
        lock (starting)
        {
            if (running is not null) return;
            using var ofNobody = ExecutionContext.SuppressFlow();
            running = [.. Enumerable.Range(0, workers).Select(_ => Task.Run(RunAsync))];
        }
    }

    async Task RunAsync()
    {
        var batch = new List<Waiting>(maxBatch);
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.Clear();
            while (batch.Count < maxBatch && queue.Reader.TryRead(out var waiting)) batch.Add(waiting);
            if (batch.Count == 0) continue;

            ActFor(batch[0]);
            try
            {
                var answers = await handle(batch.ConvertAll(waiting => waiting.Request), stopping.Token);
                for (var i = 0; i < batch.Count; i++) batch[i].Answer.TrySetResult(answers[i]);
            }
            catch (Exception exception)
            {
                foreach (var waiting in batch) waiting.Answer.TrySetException(exception);
            }
        }
    }

    static void ActFor(Waiting first)
    {
        Activity.Current = null;   // one that has ended meanwhile cannot be made the current one
        Activity.Current = first.Span;
        Correlation.Current = first.CorrelationId;
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await stopping.CancelAsync();
        if (running is { } tasks) await Task.WhenAll(tasks);
        stopping.Dispose();
    }
}
