using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Rosa.Containers.Tests;

/// <summary>An engine of this run's own, started by the script <c>engine</c>, with the images of all services. See there.</summary>
sealed class ContainerEngine : IAsyncDisposable
{
    public static readonly string Repository = FindRepository();

    // Kept, so that bases and layers that are there already are used again.
    static readonly string folder = Path.Combine(Repository, "artifacts", "containers");

    public static async Task<ContainerEngine> StartAsync(Action<string> say)
    {
        foreach (var step in (string[])["images", "start"])
        {
            var begun = Stopwatch.GetTimestamp();
            say(await RunAsync(Path.Combine(Repository, "tests", "Containers", "engine"), [step, folder]));
            say($"engine {step}: {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s");
        }
        return new ContainerEngine();
    }

    public Task<string> DockerAsync(params string[] arguments) => RunAsync("docker", arguments);

    /// <param name="project">Where <c>.env</c> lies.</param>
    public Task<string> ComposeAsync(string project, params string[] arguments) => RunAsync(Path.Combine(folder, "docker-compose"), ["--project-directory", project, .. arguments], project);

    public async ValueTask DisposeAsync() => await RunAsync(Path.Combine(Repository, "tests", "Containers", "engine"), ["stop", folder]);

    static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string? workingFolder = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = workingFolder ?? Repository, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOCKER_HOST"] = $"unix://{folder}/d.sock";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(20));
        await process.WaitForExitAsync(limit.Token);
        // The engine itself goes on, with the script's outputs in a file.
        return process.ExitCode == 0 ? (await output).Trim() : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}{await errors}");
    }

    static string FindRepository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
