using System.Globalization;

namespace Rosa.Cli.Load;

/// <summary>CPU time of Rosa's processes and of PostgreSQL with all of its own, from <c>/proc</c>; the kernel counts in hundredths of a second.</summary>
sealed class CpuMeter(IReadOnlyList<int> hosts, int? postgres)
{
    const double SecondsPerTick = 0.01;

    double hostBefore, postgresBefore;

    /// <summary>Null where there is no <c>/proc</c>.</summary>
    public static CpuMeter? Of(RosaAddresses rosa) => OperatingSystem.IsLinux() ? new CpuMeter([.. rosa.Processes.Where(process => process.Name != "postgres").Select(process => process.Pid)], rosa.Process("postgres")) : null;

    /// <summary>Of the host, or of all processes but PostgreSQL when Rosa runs as many.</summary>
    public double HostSeconds { get; private set; }

    public double PostgresSeconds { get; private set; }

    public double Seconds => HostSeconds + PostgresSeconds;

    public void Start() => (hostBefore, postgresBefore) = (hosts.Sum(OfProcess), OfPostgres());

    public void Stop() => (HostSeconds, PostgresSeconds) = (hosts.Sum(OfProcess) - hostBefore, OfPostgres() - postgresBefore);

    // Backends that have ended are counted with the postmaster, which waited for them.
    double OfPostgres()
    {
        if (postgres is not { } postmaster) return 0;
        return ProcStat.Read(postmaster) is { } own ? (own.Ticks + own.EndedChildrensTicks + Children(postmaster).Sum(child => child.Ticks)) * SecondsPerTick : 0;
    }

    static double OfProcess(int pid) => (ProcStat.Read(pid)?.Ticks ?? 0) * SecondsPerTick;

    /// <summary>The processes that a process has started and that still run.</summary>
    public static IEnumerable<ProcStat> Children(int parent) =>
        Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? ProcStat.Read(pid) : null)
            .OfType<ProcStat>()
            .Where(process => process.Parent == parent);
}

/// <summary>A line of <c>/proc/PID/stat</c>, see proc(5).</summary>
sealed record ProcStat(int Pid, int Parent, long Ticks, long EndedChildrensTicks)
{
    /// <summary>Null when there is no such process (any more).</summary>
    public static ProcStat? Read(int pid)
    {
        try
        {
            return Parse(pid, File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
        }
        catch (IOException)
        {
            return null;
        }
    }

    // "1234 (name, which may hold anything) S parent …": the fields after the name are counted from the state, the third.
    public static ProcStat Parse(int pid, string line)
    {
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        long Field(int number) => long.Parse(fields[number - 3], CultureInfo.InvariantCulture);
        return new ProcStat(pid, (int)Field(4), Field(14) + Field(15), Field(16) + Field(17));
    }
}

/// <summary>What processes hold in memory, in megabytes of 10^6 bytes.</summary>
/// <param name="Rss">Resident pages, shared ones counted in full.</param>
/// <param name="Pss">Resident pages, shared ones counted in parts: what adds up.</param>
sealed record MemoryUse(double Rss, double Pss)
{
    public static MemoryUse OfProcess(int pid)
    {
        var lines = File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/smaps_rollup"));
        double Megabytes(string name) =>
            double.Parse(lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024 / 1e6;
        return new MemoryUse(Megabytes("Rss:"), Megabytes("Pss:"));
    }

    public static MemoryUse OfProcessAndChildren(int pid)
    {
        var all = CpuMeter.Children(pid).Select(child => child.Pid).Append(pid).Select(TryOfProcess).OfType<MemoryUse>().ToList();
        return new MemoryUse(all.Sum(use => use.Rss), all.Sum(use => use.Pss));
    }

    static MemoryUse? TryOfProcess(int pid)
    {
        try
        {
            return OfProcess(pid);
        }
        catch (IOException)
        {
            return null;   // it ended meanwhile
        }
    }
}
