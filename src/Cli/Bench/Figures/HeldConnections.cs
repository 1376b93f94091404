using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;
using Rosa.Cli.Load;

namespace Rosa.Cli.Bench.Figures;

/// <summary>Two thousand people with the shop open who do nothing, while others look around.</summary>
static class HeldConnections
{
    const int Held = 2_000;
    const int Busy = 32;

    public static readonly Figure Figure = new(
        "connections", "Two thousand open connections",
        "wrk on the list through the gateway, 32 connections; then again beside 2,000 connections that have each been answered once and stay open. Afterwards each of them is answered once more, so that none was dropped.",
        MeasureAsync);

    static async Task<IReadOnlyList<Result>> MeasureAsync(BenchRun run)
    {
        var rosa = (await run.ShopAsync()).Addresses;
        var url = new Uri(rosa.Gateway, "/api/products?limit=20");
        var wrk = await run.WrkAsync();

        run.Say("connections: none held");
        var alone = await wrk.GetAsync(url, Busy, run.Times.WarmUp, run.Times.Read, run.Cancelled);
        run.Say($"connections: {Held:N0} held");
        var held = new List<TcpClient>(Held);
        try
        {
            for (var i = 0; i < Held; i++) held.Add(await OpenAsync(url, run.Cancelled));
            var beside = await wrk.GetAsync(url, Busy, run.Times.WarmUp, run.Times.Read, run.Cancelled);
            foreach (var connection in held) await AskAsync(connection, url, run.Cancelled);
            return [new Result("connections",
                new("held", held.Count, Goal.Least(Held)),
                new("rps", beside.PerSecond),
                new("p99_ms", beside.P99Ms),
                new("without_rps", alone.PerSecond),
                new("without_p99_ms", alone.P99Ms),
                new("ratio", beside.PerSecond / alone.PerSecond))];
        }
        finally
        {
            foreach (var connection in held) connection.Dispose();
        }
    }

    static async Task<TcpClient> OpenAsync(Uri url, CancellationToken cancellationToken)
    {
        var connection = new TcpClient { NoDelay = true };
        try
        {
            await connection.ConnectAsync(url.Host, url.Port, cancellationToken);
            await AskAsync(connection, url, cancellationToken);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>One request, and its whole answer.</summary>
    static async Task AskAsync(TcpClient connection, Uri url, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\n\r\n"), patience.Token);

        var answer = new byte[64 * 1024];
        var length = 0;
        while (!IsWhole(answer.AsSpan(0, length)))
        {
            var read = length < answer.Length ? await stream.ReadAsync(answer.AsMemory(length), patience.Token) : 0;
            if (read == 0) throw new BenchFailure("A held connection was closed by the gateway.");
            length += read;
        }
        if (!answer.AsSpan().StartsWith("HTTP/1.1 200 "u8)) throw new BenchFailure($"A held connection was answered: {Encoding.ASCII.GetString(answer, 0, Math.Min(length, 80))}");
    }

    static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0) return false;
        ReadOnlySpan<byte> name = "\r\nContent-Length: "u8;
        var at = answer[..head].IndexOf(name);
        if (at < 0 || !Utf8Parser.TryParse(answer[(at + name.Length)..], out int body, out _)) throw new BenchFailure("The gateway answers a list without saying how long it is.");
        return answer.Length >= head + 4 + body;
    }
}
