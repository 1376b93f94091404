using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Rosa.Platform.Hosting;

/// <summary>
/// The service's program with the argument <c>health</c>: asks the one that runs beside it, in the same container, whether it is ready (<c>health live</c>: whether it runs),
/// and says so by its exit code, 0 or 1. Container engines ask every few seconds, and the images hold neither a shell nor curl.
/// </summary>
static class HealthCommand
{
    static readonly TimeSpan within = TimeSpan.FromSeconds(4);

    public static bool IsAsked(string[] args) => args is ["health"] or ["health", "ready" or "live"];

    public static async Task<int> RunAsync(Service service, string[] args, TextWriter output)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var address = IPAddress.Parse(configuration["Listen:Address"] ?? "127.0.0.1");
        var port = int.Parse(configuration["Listen:Port"] ?? service.Port.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var answer = await AskAsync(new IPEndPoint(address.Equals(IPAddress.Any) ? IPAddress.Loopback : address, port), $"/health/{(args.Length == 1 ? "ready" : args[1])}");
        await output.WriteLineAsync(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 1)..].Trim());
        return answer.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) ? 0 : 1;
    }

    /// <summary>By hand, so that a process that is started every few seconds loads no HTTP client.</summary>
    /// <returns>The answer as it came; if none did, why.</returns>
    static async Task<string> AskAsync(IPEndPoint service, string path)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            using var socket = new Socket(service.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(service, limit.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\nHost: {service}\r\n\r\n"), limit.Token);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return await reader.ReadToEndAsync(limit.Token);
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            return exception.Message;
        }
    }
}
