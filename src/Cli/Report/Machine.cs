using System.Globalization;
using System.Runtime.InteropServices;
using Rosa.Host;

namespace Rosa.Cli.Report;

/// <summary>What figures were measured on, in a line.</summary>
sealed record Machine(string Description)
{
    public static Machine ThisOne() => new(string.Join(", ",
        $"{Environment.ProcessorCount} cores of {Processor()}",
        $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0} GB",
        System(),
        RuntimeInformation.FrameworkDescription,
        $"PostgreSQL {PostgresBinaries.Find(madeBy: null).Major}"));

    static string Processor() => Line("/proc/cpuinfo", "model name", ':') ?? RuntimeInformation.ProcessArchitecture.ToString();

    static string System() => $"{Line("/etc/os-release", "PRETTY_NAME", '=') ?? RuntimeInformation.OSDescription}, kernel {Environment.OSVersion.Version.ToString(2)}";

    static string? Line(string file, string name, char separator) =>
        File.Exists(file)
            ? File.ReadLines(file).Where(line => line.StartsWith(name, true, CultureInfo.InvariantCulture)).Select(line => line[(line.IndexOf(separator) + 1)..].Trim().Trim('"')).FirstOrDefault()
            : null;
}
