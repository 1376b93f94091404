using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Encodings.Web;
using Rosa.Platform.Hosting;
using Rosa.Platform.Telemetry;

namespace Rosa.Gateway;

/// <summary>
/// One line a request, formatted straight into bytes. Without the query, which may hold a secret or what a person searched for, without what
/// looks like an e-mail address in the path, and with the client's address cut to its network.
/// </summary>
sealed class RequestLog(GatewayOptions options, LogFormat format, LogWriter writer)
{
    const int Longest = 2048;
    const int LongestPath = 512;

    /// <summary>What JSON carries as it is, and no e-mail address has to have.</summary>
    static readonly SearchValues<char> plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-_.~:%!$&'()*+,;= ");

    public void Write(HttpContext context, Exchange exchange, long startedAt) =>
        Write(context, exchange.Visitor.Address, exchange.Service, exchange.Cache, exchange.Bytes > 0 ? exchange.Bytes : context.Response.ContentLength ?? 0, startedAt);

    public void Write(HttpContext context, IPAddress client, string? service, string? cache, long bytes, long startedAt)
    {
        if (!options.RequestLog) return;
        var took = Stopwatch.GetElapsedTime(startedAt);
        if (!format.IsJson)
        {
            WriteText(context, cache, took);
            return;
        }

        var line = new Line(stackalloc byte[Longest]);
        line.Add("{\"at\":\"");
        line.AddTime(DateTime.UtcNow);
        line.Add("\",\"level\":\"Information\",\"service\":\"gateway\",\"category\":\"Rosa.Gateway.Request\",\"method\":\"");
        line.AddEscaped(context.Request.Method);
        line.Add("\",\"path\":\"");
        line.AddEscaped(context.Request.Path.Value ?? "");
        line.Add("\",\"status\":");
        line.Add(context.Response.StatusCode);
        line.Add(",\"ms\":");
        line.AddMilliseconds(took);
        line.Add(",\"bytes\":");
        line.Add(bytes);
        line.Add(",\"client\":\"");
        line.AddNetwork(client);
        if (Correlation.Current is { } correlationId)
        {
            line.Add("\",\"correlationId\":\"");
            line.Add(correlationId);
        }
        if (Activity.Current is { } activity)
        {
            line.Add("\",\"traceId\":\"");
            line.Add(activity.TraceId.ToHexString());
        }
        if (service is not null)
        {
            line.Add("\",\"upstream\":\"");
            line.Add(service);
        }
        if (cache is not null)
        {
            line.Add("\",\"cache\":\"");
            line.Add(cache);
        }
        line.Add("\"}\n");
        writer.Write(line.Written);
    }

    void WriteText(HttpContext context, string? cache, TimeSpan took) =>
        writer.Write(Encoding.UTF8.GetBytes(
            $"{DateTime.Now:HH:mm:ss.fff} info  {"gateway",-15} {context.Request.Method} {Shown(context.Request.Path.Value ?? "")} {context.Response.StatusCode} {took.TotalMilliseconds:0.0} ms {cache}\n"));

    /// <summary>A path may hold anything, also what would move a terminal's cursor, or a person's address where their id belongs.</summary>
    static string Shown(string path)
    {
        if (path.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at) path = string.Concat(path.AsSpan(0, path.LastIndexOf('/', at) + 1), "…");
        return JavaScriptEncoder.Default.Encode(path.Length > LongestPath ? path[..LongestPath] : path);
    }

    /// <summary>Bytes that fill up from the left; what does not fit is left out.</summary>
    ref struct Line(Span<byte> space)
    {
        readonly Span<byte> space = space;
        int length;

        public readonly ReadOnlySpan<byte> Written => space[..length];

        public void Add(ReadOnlySpan<char> text) => length += Encoding.UTF8.TryGetBytes(text, space[length..], out var written) ? written : 0;

        public void AddEscaped(string text)
        {
            if (text.Length <= LongestPath && text.AsSpan().IndexOfAnyExcept(plain) < 0) Add(text);
            else Add(Shown(text));
        }

        public void Add(long number) => length += Utf8Formatter.TryFormat(number, space[length..], out var written) ? written : 0;

        public void AddTime(DateTime time) => length += Utf8Formatter.TryFormat(time, space[length..], out var written, 'O') ? written : 0;

        public void AddMilliseconds(TimeSpan time)
        {
            var tenths = time.Ticks / (TimeSpan.TicksPerMillisecond / 10);
            Add(tenths / 10);
            Add(".");
            Add(tenths % 10);
        }

        /// <summary>Without the part that names one household: /24, or /48 of IPv6.</summary>
        public void AddNetwork(IPAddress address)
        {
            Span<byte> bytes = stackalloc byte[16];
            if (!address.TryWriteBytes(bytes, out _)) return;
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                bytes[6..].Clear();
                Add(new IPAddress(bytes).ToString());
                return;
            }
            for (var i = 0; i < 3; i++)
            {
                Add(bytes[i]);
                Add(".");
            }
            Add("0");
        }
    }
}
