using System.Diagnostics;

namespace Rosa.Host;

/// <summary>A program that is run to its end.</summary>
static class Command
{
    public static (int ExitCode, string Output) Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        CleanEnvironment(start);
        using var process = Process.Start(start) ?? throw new StartProblem($"{program} cannot be started.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }

    /// <summary>PostgreSQL's programs read <c>PGDATA</c>, <c>PGPORT</c> and others; a developer's own must not reach the private cluster. Messages are in English, since some are looked for.</summary>
    public static void CleanEnvironment(ProcessStartInfo start)
    {
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        start.Environment["LANG"] = "C";
    }
}
