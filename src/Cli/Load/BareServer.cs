using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Rosa.Cli.Load;

/// <summary>
/// The ceiling of a figure, measured in the same run: Kestrel with the settings of a service and nothing else, in a process of its own
/// (<c>rosa bench-bare</c>). It ends when its standard input does, so that it never outlives the bench.
/// </summary>
sealed class BareServer : IAsyncDisposable
{
    public const string DatabaseVariable = "ROSA_BARE_DATABASE";

    readonly Process process;
    readonly string? answerFile;

    BareServer(Process process, Uri address, string? answerFile) => (this.process, Address, this.answerFile) = (process, address, answerFile);

    public Uri Address { get; }

    /// <summary>Answers everything with the bytes that <paramref name="request"/> has just been answered with.</summary>
    public static async Task<BareServer> SameBytesAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var file = Path.GetTempFileName();
        using var http = LoadClient.To(new Uri(request.RequestUri!.GetLeftPart(UriPartial.Authority)), connections: 1);
        using var answer = await http.SendAsync(request, cancellationToken);
        await LoadClient.MustBeAsync(answer, HttpStatusCode.OK, cancellationToken);
        await (await BareAnswer.OfAsync(answer, cancellationToken)).SaveAsync(file, cancellationToken);
        return await StartAsync(["bytes", "--answer", file], database: null, file, cancellationToken);
    }

    /// <summary>Answers the catalog's reads by its own statements and nothing around them.</summary>
    public static Task<BareServer> SameStatementsAsync(string database, CancellationToken cancellationToken) =>
        StartAsync(["sql"], database, answerFile: null, cancellationToken);

    static async Task<BareServer> StartAsync(string[] what, string? database, string? answerFile, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Path.Combine(AppContext.BaseDirectory, "Rosa.Cli.dll"), "bench-bare", .. what, "--port", port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
        };
        if (database is not null) start.Environment[DatabaseVariable] = database;
        var server = new BareServer(Process.Start(start)!, new Uri($"http://127.0.0.1:{port}"), answerFile);
        try
        {
            await server.AnswersAsync(port, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    async Task AnswersAsync(int port, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (!process.HasExited && Stopwatch.GetElapsedTime(start).TotalSeconds < 20)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
        throw new BenchFailure("The bare server does not start.");
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }
        process.Dispose();
        if (answerFile is not null) File.Delete(answerFile);
    }
}
