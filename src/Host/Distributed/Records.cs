using System.Globalization;
using System.Text;

namespace Rosa.Host.Distributed;

/// <summary>
/// Which processes a supervisor has started, a file each under <c>run/</c>: the number, and words of the command line that tell whether the number still
/// means it. A supervisor that was killed leaves its processes running, and whoever comes next ends them by these.
/// </summary>
static class Records
{
    static readonly TimeSpan endsWithin = TimeSpan.FromSeconds(12);

    public static void Write(DataFolder folder, string name, int pid, string mark) =>
        DataFolder.WritePrivately(FileOf(folder, name), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{pid}\n{mark}\n")));

    /// <summary>With the settings that it was given, in which its secrets are.</summary>
    public static void Forget(DataFolder folder, string name) => Forget(FileOf(folder, name));

    /// <summary>Ends what a killed supervisor has left. Returns the names.</summary>
    public static async Task<IReadOnlyList<string>> EndLeftoversAsync(DataFolder folder, Action<string> say)
    {
        if (!Directory.Exists(folder.Run)) return [];
        var left = Directory.GetFiles(folder.Run, "*.pid").Select(file => (File: file, Pid: Running(file))).ToList();
        var names = left.Where(record => record.Pid is not null).Select(record => Path.GetFileNameWithoutExtension(record.File)).Order().ToList();
        if (names.Count > 0) say($"Ending what a killed Rosa has left running: {string.Join(", ", names)}.");
        await Task.WhenAll(left.Select(record => EndAsync(record.File, record.Pid)));
        return names;
    }

    static async Task EndAsync(string file, int? running)
    {
        if (running is { } pid)
        {
            SystemProcess.Signal(pid, SystemProcess.Terminate);
            if (!await SystemProcess.EndsWithinAsync(pid, endsWithin)) SystemProcess.SignalGroup(pid, SystemProcess.KillNow);
        }
        Forget(file);
    }

    static void Forget(string file)
    {
        File.Delete(file);
        File.Delete(Path.ChangeExtension(file, ".json"));
    }

    // Numbers of processes are used again, so one is believed only when the process is what it should be.
    static int? Running(string file)
    {
        if (File.ReadAllLines(file) is not [var number, var mark, ..] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) return null;
        return mark.Length > 0 && SystemProcess.IsAlive(pid) && SystemProcess.CommandLine(pid).Contains(mark, StringComparison.Ordinal) ? pid : null;
    }

    static string FileOf(DataFolder folder, string name) => Path.Combine(folder.Run, $"{name}.pid");
}
