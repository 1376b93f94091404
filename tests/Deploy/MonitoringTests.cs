using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rosa.Testing;

namespace Rosa.Deploy.Tests;

/// <summary>The files for Prometheus and Grafana: read by Prometheus' own tool, and compared with what a running shop shows.</summary>
public sealed partial class MonitoringTests
{
    static readonly string deploy = Path.Combine(Root(), "deploy");

    static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    [Theory]
    [InlineData("check", "config", "prometheus.yml")]
    [InlineData("check", "rules", "alerts.yml")]
    [InlineData("test", "rules", "alerts.test.yml")]
    public async Task Prometheus_takes_the_files_and_the_rules_alert_when_they_should(string verb, string what, string file)
    {
        var start = new ProcessStartInfo("promtool", [verb, what, file]) { WorkingDirectory = Path.Combine(deploy, "prometheus"), RedirectStandardOutput = true, RedirectStandardError = true };
        using var promtool = Process.Start(start)!;
        var said = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, said);
    }

    [Fact]
    public async Task Every_metric_in_the_rules_and_on_the_dashboard_is_shown_by_a_running_shop()
    {
        await using var shop = await RunningShop.StartAsync();
        using var http = new HttpClient();
        await http.GetAsync(shop.Storefront);   // a page asks the gateway, and so shows its circuit
        var shown = string.Concat(await Task.WhenAll(((Uri[])[shop.Storefront, shop.Gateway, shop.ServiceAddress("orders")]).Select(service => http.GetStringAsync(new Uri(service, "/metrics")))));
        var names = MetricLine().Matches(shown).Select(line => line.Groups[1].Value).Append("up").ToHashSet();

        var used = Used(await File.ReadAllTextAsync(Path.Combine(deploy, "prometheus", "alerts.yml"))).Concat(Used(Expressions())).ToHashSet();
        Assert.True(used.Count >= 9, string.Join(", ", used));
        Assert.Empty(used.Except(names));
    }

    /// <summary>All that the dashboard asks Prometheus.</summary>
    static string Expressions()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(deploy, "grafana", "rosa.json")));
        return string.Join('\n', dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()));
    }

    static IEnumerable<string> Used(string text) => MetricName().Matches(text).Select(name => name.Value);

    [GeneratedRegex("^([a-z_]+)(?:\\{| )", RegexOptions.Multiline)]
    private static partial Regex MetricLine();

    [GeneratedRegex("\\b(?:rosa|http_server|process|dotnet)_[a-z_]+\\b")]
    private static partial Regex MetricName();
}
