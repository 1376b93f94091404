using System.Diagnostics;

namespace Rosa.Deploy.Tests;

/// <summary>The script that makes an <c>.env</c>.</summary>
public sealed class NewEnvTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rosa-env-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task It_makes_every_secret_at_random_and_never_touches_what_is_there()
    {
        foreach (var file in (string[])["new-env", ".env.example"]) File.Copy(DeployFiles.PathOf("deploy", "compose", file), Path.Combine(folder, file));
        Assert.Equal(0, await RunAsync());
        var env = Path.Combine(folder, ".env");
        var made = await File.ReadAllLinesAsync(env);
        var example = DeployFiles.Read("deploy", "compose", ".env.example").TrimEnd('\n').Split('\n');
        Assert.Equal(example.Length, made.Length);

        var secrets = example.Zip(made).Where(line => line.First.EndsWith('=') && !line.First.StartsWith('#')).Select(line => line.Second[line.First.Length..]).ToList();
        Assert.True(secrets.Count > 20, $"{secrets.Count} secrets");
        Assert.All(secrets, secret => Assert.Matches("^[A-Za-z0-9]{40}$", secret));
        Assert.Equal(secrets.Count, secrets.Distinct().Count());
        Assert.All(example.Zip(made).Where(line => !line.First.EndsWith('=') || line.First.StartsWith('#')), line => Assert.Equal(line.First, line.Second));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(env));

        Assert.Equal(1, await RunAsync());
        Assert.Equal(made, await File.ReadAllLinesAsync(env));
    }

    async Task<int> RunAsync()
    {
        using var script = Process.Start(new ProcessStartInfo(Path.Combine(folder, "new-env")) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await script.WaitForExitAsync();
        return script.ExitCode;
    }
}
