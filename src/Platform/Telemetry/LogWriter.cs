using System.Collections.Concurrent;
using System.Text;

namespace Rosa.Platform.Telemetry;

/// <summary>
/// Writes lines to standard output or a file without ever making a request wait: a line is copied into a buffer, and one
/// thread writes what has gathered. When the reader of the output is too slow and the buffer is full, lines are dropped and
/// counted. There is one writer a process and destination; the services of a process share it.
/// </summary>
public sealed class LogWriter
{
    const int FirstSize = 64 * 1024;
    const int LargestSize = 4 * 1024 * 1024;
    static readonly TimeSpan gathersFor = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan flushedWithin = TimeSpan.FromSeconds(2);
    static readonly ConcurrentDictionary<string, Lazy<LogWriter>> writers = new();

    readonly object gate = new();
    readonly Action<ReadOnlySpan<byte>> output;
    readonly int largest;
    byte[] gathering = new byte[FirstSize];
    byte[] writing = new byte[FirstSize];
    int gathered;
    long accepted;
    long written;
    long dropped;
    long droppedUntold;
    bool flushing;

    /// <param name="output">Writes a batch of whole lines.</param>
    /// <param name="largest">Bytes that may wait.</param>
    internal LogWriter(Action<ReadOnlySpan<byte>> output, int largest = LargestSize)
    {
        this.output = output;
        this.largest = largest;
        new Thread(Run) { IsBackground = true, Name = "Log writer" }.Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Flush();
    }

    /// <summary>The process's writer to this file, or to standard output when there is none.</summary>
    public static LogWriter For(string? file) => writers.GetOrAdd(file ?? "", path => new Lazy<LogWriter>(() =>
    {
        if (path.Length > 0) return new LogWriter(new RotatingFile(path).Write);
        var standardOutput = Console.OpenStandardOutput();
        return new LogWriter(standardOutput.Write);
    })).Value;

    /// <summary>Lines that found the buffer full, since the start.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Takes one line or several, each ended by a line feed.</summary>
    public void Write(ReadOnlySpan<byte> lines)
    {
        lock (gate)
        {
            if (gathered + lines.Length > gathering.Length && !TryGrow(gathered + lines.Length))
            {
                dropped++;
                droppedUntold++;
                return;
            }
            lines.CopyTo(gathering.AsSpan(gathered));
            if (gathered == 0) Monitor.PulseAll(gate);
            gathered += lines.Length;
            accepted += lines.Length;
        }
    }

    /// <summary>Returns when everything taken so far is written, or after two seconds.</summary>
    public void Flush()
    {
        var until = Environment.TickCount64 + (long)flushedWithin.TotalMilliseconds;
        lock (gate)
        {
            var target = accepted;
            while (written < target && until - Environment.TickCount64 is > 0 and var left)
            {
                flushing = true;
                Monitor.PulseAll(gate);
                Monitor.Wait(gate, (int)left);
            }
        }
    }

    bool TryGrow(int needed)
    {
        if (needed > largest) return false;
        Array.Resize(ref gathering, Math.Min(largest, Math.Max(needed, gathering.Length * 2)));
        return true;
    }

    void Run()
    {
        while (true)
        {
            int length;
            lock (gate)
            {
                while (gathered == 0) Monitor.Wait(gate);
                if (!flushing) Monitor.Wait(gate, gathersFor);
                flushing = false;
                (gathering, writing, length, gathered) = (writing, gathering, gathered, 0);
            }
            try
            {
                output(writing.AsSpan(0, length));
                TellDropped();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // A full disk or a closed pipe must not stop the shop; what was lost is counted.
                lock (gate)
                {
                    var lost = writing.AsSpan(0, length).Count((byte)'\n');
                    dropped += lost;
                    droppedUntold += lost;
                }
            }
            lock (gate)
            {
                written += length;
                Monitor.PulseAll(gate);
            }
        }
    }

    void TellDropped()
    {
        long untold;
        lock (gate) (untold, droppedUntold) = (droppedUntold, 0);
        if (untold == 0) return;
        output(Encoding.UTF8.GetBytes(
            $"{{\"at\":\"{DateTime.UtcNow:O}\",\"level\":\"Warning\",\"category\":\"{typeof(LogWriter).FullName}\",\"message\":\"{untold} log lines were dropped\"}}\n"));
    }
}
