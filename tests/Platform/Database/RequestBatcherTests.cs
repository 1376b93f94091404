using System.Diagnostics;
using Rosa.Platform.Database;
using Rosa.Platform.Hosting;

namespace Rosa.Platform.Tests.Database;

public sealed class RequestBatcherTests
{
    [Fact]
    public async Task What_a_batch_does_is_done_for_the_first_of_its_requests_and_not_for_the_first_ever()
    {
        var doneFor = new List<(string Request, string? Span, string? CorrelationId)>();
        await using var batcher = new RequestBatcher<string, bool>((batch, _) =>
        {
            doneFor.Add((batch[0], Activity.Current?.OperationName, Correlation.Current));
            return Task.FromResult<IReadOnlyList<bool>>([.. batch.Select(_ => true)]);
        }, maxBatch: 10);

        await AskAsync("one");
        await AskAsync("two");
        Correlation.Current = null;
        await batcher.AskAsync("nobody's", CancellationToken.None);
        Assert.Equal([("one", "one", "id of one"), ("two", "two", "id of two"), ("nobody's", null, null)], doneFor);

        async Task AskAsync(string name)
        {
            using var span = new Activity(name).Start();
            Correlation.Current = $"id of {name}";
            await batcher.AskAsync(name, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_request_whose_caller_has_gone_is_still_answered_and_leaves_its_span_to_nobody()
    {
        var first = new TaskCompletionSource();
        var spans = new List<string?>();
        await using var batcher = new RequestBatcher<int, int>(async (batch, _) =>
        {
            spans.Add(Activity.Current?.OperationName);
            if (batch[0] == 1) await first.Task;
            return batch;
        }, maxBatch: 1);

        var waiting = batcher.AskAsync(1, CancellationToken.None);
        var gone = new Activity("gone").Start();
        var left = batcher.AskAsync(2, CancellationToken.None);
        gone.Stop();
        first.SetResult();
        Assert.Equal(1, await waiting);
        Assert.Equal(2, await left);
        Assert.Equal(2, spans.Count);
        Assert.All(spans, Assert.Null);
    }
}
