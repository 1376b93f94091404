using System.Globalization;

namespace Rosa.Host;

/// <summary>
/// <c>postmaster.pid</c>, in which PostgreSQL says who it is and how far it has come: process, folder, start time, port, socket
/// folder, address, shared memory, state, a line each. It stays behind after <c>kill -9</c>.
/// </summary>
sealed record PostmasterFile(int ProcessId, int Port, string SocketFolder, string State)
{
    public bool IsReady => State == "ready";

    public bool IsStopping => State == "stopping";

    public static PostmasterFile? Read(DataFolder folder)
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(folder.Cluster, "postmaster.pid"));
            if (lines.Length == 0 || !int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) return null;
            _ = int.TryParse(Line(lines, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var port);
            return new PostmasterFile(pid, port, Line(lines, 4), Line(lines, 7));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The number may have passed to another program since: PostgreSQL is the one that works in the cluster's folder.</summary>
    public bool IsRunning(DataFolder folder)
    {
        if (!SystemProcess.IsAlive(ProcessId)) return false;
        return OperatingSystem.IsLinux()
            ? SystemProcess.WorkingFolder(ProcessId) == folder.Cluster
            : SystemProcess.Name(ProcessId) == "postgres";
    }

    static string Line(string[] lines, int index) => index < lines.Length ? lines[index].Trim() : "";
}
