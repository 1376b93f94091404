using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Rosa.Testing;

namespace Rosa.Host.Tests;

/// <summary>The host as a process of its own, which can be killed.</summary>
sealed class HostProcess : IDisposable
{
    readonly Process process;
    readonly Task<string> output, errors;

    public HostProcess(DataFolder data, int portOffset, string services = "users", params string[] options)
    {
        Data = data;
        string[] arguments = [RosaPrograms.Find("Rosa.Host.dll"), "up", "--data", data.Path, "--port-offset", portOffset.ToString(CultureInfo.InvariantCulture), "--no-demo", "--services", services, .. options];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["Gateway__RateLimitPerMinute"] = "0";
        process = Process.Start(start)!;
        output = process.StandardOutput.ReadToEndAsync();
        errors = process.StandardError.ReadToEndAsync();
    }

    public DataFolder Data { get; }

    public int Id => process.Id;

    public JsonElement RosaJson => JsonDocument.Parse(File.ReadAllBytes(Data.RosaJson)).RootElement;

    public async Task<HostProcess> IsReadyAsync()
    {
        await Eventually.IsTrueAsync(() => process.HasExited || (File.Exists(Data.RosaJson) && Pid("host") == Id), "the host is ready", withinMinutes: 3);
        if (process.HasExited) Assert.Fail($"The host ended with {process.ExitCode}: {await output} {await errors}");
        return this;
    }

    public int Pid(string name) =>
        RosaJson.GetProperty("processes").EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == name).GetProperty("pid").GetInt32();

    public void Kill() => SystemProcess.Signal(Id, SystemProcess.KillNow);

    public void Terminate() => SystemProcess.Signal(Id, SystemProcess.Terminate);

    public async Task<(int ExitCode, string Errors)> EndAsync()
    {
        await Eventually.IsTrueAsync(() => process.HasExited, "the host has ended");
        return (process.ExitCode, await errors);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Terminate();
            if (!process.WaitForExit(TimeSpan.FromSeconds(80))) process.Kill();
        }
        process.Dispose();
        Distributed.Records.EndLeftoversAsync(Data, _ => { }).GetAwaiter().GetResult();
        // One whose host was killed and not started again.
        if (PostmasterFile.Read(Data) is { } left && left.IsRunning(Data)) SystemProcess.Signal(left.ProcessId, SystemProcess.Quit);
    }
}
