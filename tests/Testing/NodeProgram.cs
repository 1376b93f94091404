using System.Diagnostics;

namespace Rosa.Testing;

/// <summary>A folder under <c>tests/Testing</c> with programs from npm, installed once from its lock file.</summary>
public sealed class NodeProgram
{
    readonly string folder;

    NodeProgram(string folder) => this.folder = folder;

    public static async Task<NodeProgram> InstalledAsync(string name) => new(await NodeFolder.InstalledAsync(name));

    /// <summary>Copies the folder's own files of these names to another, which sees the installed packages.</summary>
    public void CopyTo(string target, params string[] files)
    {
        foreach (var file in files) File.Copy(Path.Combine(folder, file), Path.Combine(target, file));
        Directory.CreateSymbolicLink(Path.Combine(target, "node_modules"), Path.Combine(folder, "node_modules"));
    }

    /// <summary>Runs <c>node</c> with one of the packages' programs, or with a script; both outputs come as one text.</summary>
    public Task<(int Code, string Output)> NodeAsync(string workingFolder, params string[] arguments) =>
        RunAsync(workingFolder, "node", [Path.Combine(folder, arguments[0]), .. arguments[1..]]);

    static async Task<(int Code, string Output)> RunAsync(string workingFolder, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = workingFolder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await errors);
    }
}
