using System.Diagnostics;
using Rosa.Testing;

namespace Rosa.Host.Tests;

public sealed class RosaScriptTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData]
    [InlineData("help")]
    [InlineData("--help")]
    public async Task It_explains_itself(params string[] arguments)
    {
        var (exitCode, output, _) = await RunAsync(arguments);
        Assert.Equal(0, exitCode);
        Assert.All(["up", "down", "roll", "status", "logs", "top", "reset", "test", "check", "bench", "chaos", "cost"], command => Assert.Contains($"./rosa {command}", output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dance")]
    [InlineData("up", "--fast")]
    [InlineData("up", "--data")]
    [InlineData("up", "--port-offset", "many")]
    [InlineData("up", "--distributed", "--scale")]
    [InlineData("roll", "--now")]
    [InlineData("down", "--now")]
    [InlineData("status", "--yaml")]
    [InlineData("logs", "--all")]
    [InlineData("down", "--data")]
    public async Task What_it_does_not_understand_it_names(params string[] arguments)
    {
        var (exitCode, _, errors) = await RunAsync(arguments);
        Assert.Equal(2, exitCode);
        Assert.Contains(arguments[^1], errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_what_does_not_run_is_no_failure()
    {
        // A file that a killed host left behind, with the number of a process that is somebody else's by now.
        await File.WriteAllTextAsync(folder.Data.ProcessFile, $"{Environment.ProcessId}\n");
        await File.WriteAllTextAsync(folder.Data.RosaJson, "{}");
        var (exitCode, output, _) = await RunAsync("down", "--data", folder.Data.Path);
        Assert.Equal((0, "Rosa is not running."), (exitCode, output.Trim()));
        Assert.False(File.Exists(folder.Data.RosaJson));
    }

    [Fact]
    public async Task The_status_of_what_does_not_run_is_a_failure_that_programs_can_read()
    {
        var (exitCode, output, _) = await RunAsync("status", "--json", "--data", folder.Data.Path);
        Assert.Equal(1, exitCode);
        using var status = System.Text.Json.JsonDocument.Parse(output);
        Assert.False(status.RootElement.GetProperty("running").GetBoolean());
    }

    [Fact]
    public async Task Logs_of_a_service_are_its_lines_alone()
    {
        Directory.CreateDirectory(Path.Combine(folder.Data.Path, "logs"));
        await File.WriteAllTextAsync(Path.Combine(folder.Data.Path, "logs", "host.log"),
            """
            {"service":"catalog","message":"one"}
            {"service":"orders","message":"asked catalog"}
            {"service":"catalog","message":"two"}

            """);
        var (exitCode, output, _) = await RunAsync("logs", "catalog", "--data", folder.Data.Path);
        Assert.Equal(0, exitCode);
        Assert.Equal(2, output.Trim().Split('\n').Length);
        Assert.DoesNotContain("asked", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reset_removes_what_is_Rosas_and_nothing_else()
    {
        await File.WriteAllTextAsync(folder.Data.Secrets, "{}");
        Directory.CreateDirectory(folder.Data.Cluster);
        var own = Path.Combine(folder.Data.Path, "holiday.txt");
        await File.WriteAllTextAsync(own, "mine");
        var (exitCode, _, _) = await RunAsync("reset", "--data", folder.Data.Path);
        Assert.Equal(0, exitCode);
        Assert.Equal([own], Directory.GetFileSystemEntries(folder.Data.Path));
    }

    // From another folder each time, since it works from any.
    async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(NodeFolder.Repository, "rosa"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Root,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }
}
