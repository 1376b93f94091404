using System.Net.Sockets;
using System.Text.Json;

namespace Rosa.Host.Distributed;

/// <summary>What the supervisor is asked: to replace the instances of a service, or of all.</summary>
/// <param name="Service">Null for all.</param>
/// <param name="Build">The folder of the programs that the new ones are started from.</param>
sealed record RollRequest(string? Service, string Build);

/// <summary>
/// The Unix socket on which the supervisor takes orders, in a folder that its owner alone may enter. A request is a line of JSON; the answer is a line for each step,
/// and <c>done</c> or <c>failed: why</c> at the end.
/// </summary>
sealed class ControlSocket : IAsyncDisposable
{
    const string Done = "done", Failed = "failed: ";

    readonly Socket listener;
    readonly string path;
    readonly Task accepting;

    ControlSocket(Socket listener, string path, Task accepting) => (this.listener, this.path, this.accepting) = (listener, path, accepting);

    public static ControlSocket Listen(DataFolder folder, Fleet fleet, CancellationToken stop)
    {
        DataFolder.MakePrivately(folder.ControlFolder);
        var path = PathOf(folder);
        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listener.Listen(4);
        return new ControlSocket(listener, path, AcceptAsync(listener, fleet, stop));
    }

    /// <summary>Asks the supervisor of a folder, and prints what it says. The exit code.</summary>
    public static async Task<int> AskAsync(DataFolder folder, RollRequest request, TextWriter to)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(PathOf(folder)));
        }
        catch (SocketException)
        {
            throw new StartProblem($"No distributed Rosa runs on {folder.Path}. In one process nothing is replaced while it runs: ./rosa down and up.");
        }
        await using var stream = new NetworkStream(socket);
        await JsonSerializer.SerializeAsync(stream, request);
        await stream.WriteAsync("\n"u8.ToArray());
        using var answer = new StreamReader(stream);
        while (await answer.ReadLineAsync() is { } line)
        {
            if (line == Done) return 0;
            if (line.StartsWith(Failed, StringComparison.Ordinal)) throw new StartProblem(line[Failed.Length..]);
            to.WriteLine(line);
        }
        throw new StartProblem("The supervisor ended before it was done.");
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await accepting;
        File.Delete(path);
    }

    // One request at a time: two that replace the same instances would get in each other's way.
    static async Task AcceptAsync(Socket listener, Fleet fleet, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var caller = await listener.AcceptAsync(stop);
                await AnswerAsync(caller, fleet, stop);
            }
            catch (Exception exception) when (exception is SocketException or IOException or JsonException or ObjectDisposedException or OperationCanceledException)
            {
                // Whoever asked has gone, or we are going.
                if (exception is ObjectDisposedException) return;
            }
        }
    }

    static async Task AnswerAsync(Socket caller, Fleet fleet, CancellationToken stop)
    {
        await using var stream = new NetworkStream(caller);
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream) { AutoFlush = true };
        if (await reader.ReadLineAsync(stop) is not { Length: > 0 } line || JsonSerializer.Deserialize<RollRequest>(line) is not { Build.Length: > 0 } request) return;
        try
        {
            // Who looks on may go: the work is finished all the same.
            await fleet.RollAsync(request.Service, request.Build, step => TellAsync(writer, step), stop);
            await TellAsync(writer, Done);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            HostLog.Say($"The roll has stopped: {(exception is StartProblem ? exception.Message : exception)}");
            await TellAsync(writer, Failed + exception.Message.ReplaceLineEndings(" "));
        }
    }

    static async Task TellAsync(StreamWriter writer, string line)
    {
        try
        {
            await writer.WriteLineAsync(line);
        }
        catch (IOException)
        {
        }
    }

    static string PathOf(DataFolder folder) => Path.Combine(folder.ControlFolder, "control.sock");
}
