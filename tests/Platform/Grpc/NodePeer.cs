using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rosa.Platform.Tests.Grpc;
using Rosa.Testing;

[assembly: AssemblyFixture(typeof(NodePeer))]

namespace Rosa.Platform.Tests.Grpc;

/// <summary>
/// The reference implementation, grpc-js, in a process of its own (<c>tests/Testing/node-grpc/grpc-peer.js</c>): a gRPC server, a server that
/// breaks the protocol, and clients that do what they are told.
/// </summary>
public sealed class NodePeer : IAsyncLifetime
{
    static readonly TimeSpan patience = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> waiting = new();
    readonly Lock writing = new();
    Process? node;
    int lastId;

    public Uri Server { get; private set; } = null!;

    public Uri BadServer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var folder = await NodeFolder.InstalledAsync("node-grpc");
        node = Process.Start(new ProcessStartInfo("node", ["grpc-peer.js", NodeFolder.Repository])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var first = await node.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The peer did not start.");
        var ports = JsonNode.Parse(first)!;
        Server = new Uri($"http://127.0.0.1:{ports["grpcPort"]}");
        BadServer = new Uri($"http://127.0.0.1:{ports["badPort"]}");
        _ = ReadAnswersAsync(node.StandardOutput);
    }

    /// <summary>Runs an operation of the peer and waits for what came of it.</summary>
    public Task<JsonObject> DoAsync(string operation, object arguments)
    {
        var id = Interlocked.Increment(ref lastId);
        var answer = waiting[id] = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        var request = JsonSerializer.SerializeToNode(arguments)!.AsObject();
        request["id"] = id;
        request["op"] = operation;
        lock (writing)
        {
            node!.StandardInput.WriteLine(request.ToJsonString());
            node.StandardInput.Flush();
        }

        return answer.Task.WaitAsync(patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (node is null) return;

        node.StandardInput.Close();
        await node.WaitForExitAsync().WaitAsync(patience);
        node.Dispose();
    }

    async Task ReadAnswersAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            var answer = JsonNode.Parse(line)!.AsObject();
            if (!waiting.TryRemove((int)answer["id"]!, out var task)) continue;

            if (answer["problem"] is { } problem) task.SetException(new InvalidOperationException(problem.ToString()));
            else task.SetResult(answer);
        }

        foreach (var task in waiting.Values) task.TrySetException(new InvalidOperationException("The peer has ended."));
    }
}
