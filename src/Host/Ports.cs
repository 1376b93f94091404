using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Rosa.Host;

/// <summary>Ports are looked at before anything starts, so that the message names the one that is taken and who has it.</summary>
static class Ports
{
    public static void MustBeFree(int port, string wantedBy)
    {
        if (port is < 1 or > 65535) throw new StartProblem($"{wantedBy} would listen on port {port}, which does not exist. Choose another --port-offset.");
        if (IsFree(port)) return;
        var holder = Holder(port) is { } pid ? $" by {SystemProcess.Name(pid) ?? "process"} (process {pid})" : "";
        throw new StartProblem($"Port {port}, which {wantedBy} wants, is taken{holder}. Stop that, or move all of Rosa's ports with --port-offset N.");
    }

    static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // Connections that ended a moment ago do not keep a port; a listener does, with or without this.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // Linux only, and only for processes that we may look into; elsewhere the message does without.
    static int? Holder(int port)
    {
        try
        {
            var inodes = ListeningInodes(port);
            if (inodes.Count == 0) return null;
            foreach (var folder in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Holds(folder, inodes)) return pid;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
        return null;
    }

    static HashSet<string> ListeningInodes(int port)
    {
        const string listening = "0A";
        var suffix = $":{port:X4}";
        return new[] { "/proc/net/tcp", "/proc/net/tcp6" }
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(column => column.Length > 9 && column[3] == listening && column[1].EndsWith(suffix, StringComparison.Ordinal))
            .Select(column => $"socket:[{column[9]}]")
            .ToHashSet();
    }

    static bool Holds(string processFolder, HashSet<string> inodes)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(processFolder, "fd"))
                .Any(descriptor => new FileInfo(descriptor).LinkTarget is { } target && inodes.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
