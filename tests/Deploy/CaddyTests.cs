using System.Diagnostics;
using System.Text.Json;
using Rosa.Host;

namespace Rosa.Deploy.Tests;

/// <summary>Caddy's file, as Caddy itself understands it.</summary>
public sealed class CaddyTests
{
    [Fact]
    public async Task Where_instances_come_and_go_it_asks_DNS_for_the_entrances_of_the_table()
    {
        var asked = await ProxiesAsync("dns");
        var expected = Services.All.Where(service => service.Name == "gateway" || service.IsFront()).Select(service => $"a {service.Name}:{service.Port}").Order();
        Assert.Equal(expected, asked.Select(proxy => proxy.GetProperty("dynamic_upstreams"))
            .Select(source => $"{source.GetProperty("source").GetString()} {source.GetProperty("name").GetString()}:{source.GetProperty("port").GetString()}").Distinct().Order());
        Assert.All(asked, proxy => Assert.Equal(2_000_000_000, proxy.GetProperty("dynamic_upstreams").GetProperty("refresh").GetInt64()));
    }

    [Fact]
    public async Task Instances_that_are_listed_are_looked_at()
    {
        var listed = await ProxiesAsync("listed");
        Assert.Equal(["backoffice:8081", "gateway:8000", "storefront:8080"], listed.SelectMany(proxy => proxy.GetProperty("upstreams").EnumerateArray()).Select(upstream => upstream.GetProperty("dial").GetString()).Distinct().Order());
        Assert.All(listed, proxy =>
        {
            Assert.False(proxy.TryGetProperty("dynamic_upstreams", out _));
            Assert.Equal("/health/ready", proxy.GetProperty("health_checks").GetProperty("active").GetProperty("uri").GetString());
        });
    }

    static async Task<List<JsonElement>> ProxiesAsync(string instances)
    {
        var start = new ProcessStartInfo("caddy", ["adapt", "--adapter", "caddyfile", "--config", DeployFiles.PathOf("deploy", "caddy", "Caddyfile")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["INSTANCES"] = instances;
        using var caddy = Process.Start(start)!;
        var (said, errors) = (caddy.StandardOutput.ReadToEndAsync(), caddy.StandardError.ReadToEndAsync());
        await caddy.WaitForExitAsync();
        Assert.True(caddy.ExitCode == 0, await errors);
        return [.. Proxies(JsonDocument.Parse(await said).RootElement)];
    }

    static IEnumerable<JsonElement> Proxies(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.Object when part.TryGetProperty("handler", out var handler) && handler.ValueEquals("reverse_proxy") => [part],
        JsonValueKind.Object => part.EnumerateObject().SelectMany(property => Proxies(property.Value)),
        JsonValueKind.Array => part.EnumerateArray().SelectMany(Proxies),
        _ => [],
    };
}
