using System.Net;
using System.Net.Sockets;

namespace Rosa.Testing;

/// <summary>Ports for a whole Rosa.</summary>
public static class FreePorts
{
    static readonly int[] known = [.. Enumerable.Range(8000, 10), 8080, 8081, .. Enumerable.Range(8100, 10), .. Enumerable.Range(8432, 6), .. Enumerable.Range(8500, 260)];

    /// <summary>
    /// Test projects that run at the same time (<c>ROSA_TEST_LANE</c> 1, 2 and 3) take theirs from ranges of their own. Single servers have ports below those of whole Rosas,
    /// and all are below what the system gives to outgoing connections, which would take the port of one that is down for a moment.
    /// </summary>
    static readonly ((int First, int End) Offsets, (int First, int End) Singles) range = Environment.GetEnvironmentVariable("ROSA_TEST_LANE") switch
    {
        "1" => ((12_000, 15_400), (10_000, 13_300)),
        "2" => ((16_300, 19_700), (13_300, 16_600)),
        "3" => ((20_600, 24_000), (16_600, 19_900)),
        _ => ((12_000, 24_000), (10_000, 19_900)),
    };

    static readonly List<int> given = [];
    static readonly HashSet<int> givenSingles = [];

    /// <summary>A port that nobody listens on now, and that no other test of this process was given.</summary>
    public static int One()
    {
        lock (given)
        {
            while (true)
            {
                var port = Random.Shared.Next(range.Singles.First, range.Singles.End);
                if (IsFree(port) && givenSingles.Add(port)) return port;
            }
        }
    }

    /// <summary>
    /// A <c>--port-offset</c> that moves every port to a free one, below those that the system gives to outgoing connections,
    /// and far enough from those that other tests of this process were given and may not use yet.
    /// </summary>
    public static int Offset()
    {
        lock (given)
        {
            while (true)
            {
                var offset = Random.Shared.Next(range.Offsets.First, range.Offsets.End);
                if (given.TakeLast(2).Any(other => Math.Abs(other - offset) < known.Max() - known.Min()) || !known.All(port => IsFree(port + offset))) continue;
                given.Add(offset);
                return offset;
            }
        }
    }

    static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
