using System.Globalization;
using System.Runtime.InteropServices;

namespace Rosa.Host;

/// <summary>Processes that are not our children, which <see cref="System.Diagnostics.Process"/> says too little about.</summary>
static class SystemProcess
{
    public const int Interrupt = 2, Quit = 3, KillNow = 9, Terminate = 15;

    /// <summary>Runs, that is: exists and is not merely waiting for its parent to take note of its end.</summary>
    public static bool IsAlive(int pid)
    {
        const int notPermitted = 1;
        if (Kill(pid, 0) != 0 && Marshal.GetLastPInvokeError() != notPermitted) return false;
        return State(pid) is not 'Z' and not 'X';
    }

    public static void Signal(int pid, int signal) => _ = Kill(pid, signal);

    /// <summary>The process that leads a group, and all that it has started.</summary>
    public static void SignalGroup(int leader, int signal) => _ = Kill(-leader, signal);

    public static async Task<bool> EndsWithinAsync(int pid, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (IsAlive(pid))
        {
            if (Environment.TickCount64 > deadline) return false;
            await Task.Delay(10, cancellationToken);
        }
        return true;
    }

    /// <summary>The folder that it works in; null where that cannot be known.</summary>
    public static string? WorkingFolder(int pid)
    {
        try
        {
            return Directory.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cwd"), returnFinalTarget: false)?.FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The program and its arguments with blanks between them; empty where there is no such process.</summary>
    public static string CommandLine(int pid)
    {
        try
        {
            if (OperatingSystem.IsLinux()) return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline")).Replace('\0', ' ');
            return Command.Run("ps", ["-ww", "-p", pid.ToString(CultureInfo.InvariantCulture), "-o", "args="]).Output;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>What it is called, for a message: <c>postgres</c>.</summary>
    public static string? Name(int pid)
    {
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(pid);
            return process.ProcessName;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    public static void ChangeOwner(string path, int uid, int gid)
    {
        if (Chown(path, uid, gid) != 0) throw new StartProblem($"{path} cannot be given to the user that runs PostgreSQL (error {Marshal.GetLastPInvokeError()}).");
    }

    // "1234 (name, which may hold anything) S …"
    static char? State(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            var end = stat.LastIndexOf(')');
            return end >= 0 && end + 2 < stat.Length ? stat[end + 2] : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Kill(int pid, int signal);

    [DllImport("libc", EntryPoint = "chown", SetLastError = true, CharSet = CharSet.Ansi)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Chown([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int uid, int gid);
}
