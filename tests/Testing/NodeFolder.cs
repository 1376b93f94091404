using System.Collections.Concurrent;
using System.Diagnostics;

namespace Rosa.Testing;

/// <summary>A folder <c>tests/Testing/node-…</c> with programs from npm, as its lock file names them.</summary>
public static class NodeFolder
{
    static readonly ConcurrentDictionary<string, Lazy<Task<string>>> installed = new();

    /// <summary>Where this repository begins, above wherever the test runs.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Installs what is missing, once for all tests of the process.</summary>
    /// <returns>The folder's path.</returns>
    public static Task<string> InstalledAsync(string name) => installed.GetOrAdd(name, _ => new Lazy<Task<string>>(() => InstallAsync(name))).Value;

    static async Task<string> InstallAsync(string name)
    {
        var folder = Path.Combine(Repository, "tests", "Testing", name);
        if (IsComplete(folder)) return folder;

        // Test projects run one after the other, but somebody may run one by hand beside them.
        await using var turn = await TakeTurnAsync(Path.Combine(folder, "package-lock.json"));
        if (IsComplete(folder)) return folder;
        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]) { WorkingDirectory = folder })!;
        await npm.WaitForExitAsync();
        return npm.ExitCode == 0 ? folder : throw new InvalidOperationException($"npm ci in {folder} ended with {npm.ExitCode}.");
    }

    /// <summary>npm writes this file last, so that it stands for a complete installation.</summary>
    static bool IsComplete(string folder) => File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json"));

    static async Task<FileStream> TakeTurnAsync(string file)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            }
            catch (IOException) when (attempt < 1_200)
            {
                await Task.Delay(100);
            }
        }
    }

    static string FindRepository()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "Rosa.slnx"))) return folder;
        throw new InvalidOperationException("Rosa.slnx is in no folder above the tests.");
    }
}
