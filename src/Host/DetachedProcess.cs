using System.Diagnostics;

namespace Rosa.Host;

/// <summary>
/// A process in a session of its own, so that Ctrl-C in a terminal reaches the host and not it, and that outlives a host that is killed.
/// </summary>
static class DetachedProcess
{
    /// <param name="output">The file that all it says is appended to.</param>
    public static ProcessStartInfo Start(string output, string workingFolder, IEnumerable<string> command)
    {
        // Through a shell, which opens the file and leaves: the process then writes to it by itself and needs no host to do so.
        // Each step replaces the one before, so the process that is started is the one that was asked for in the end.
        IEnumerable<string> session = OperatingSystem.IsLinux() ? ["setsid"] : ["perl", "-MPOSIX=setsid", "-e", "setsid(); exec @ARGV"];
        return new ProcessStartInfo("/bin/sh",
            ["-c", """umask 077; log=$1; shift; exec "$@" >>"$log" 2>&1 </dev/null""", "sh", output, .. session, .. command])
        {
            WorkingDirectory = workingFolder,
        };
    }

    public static Process Run(ProcessStartInfo start) =>
        Process.Start(start) ?? throw new StartProblem("Nothing can be started: /bin/sh is missing.");
}
