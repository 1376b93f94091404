using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Rosa.Host;
using Rosa.Testing;

namespace Rosa.Containers.Tests;

/// <summary>The images and the compose files, used: built, brought up, bought in, and one service made two.</summary>
public sealed partial class ComposeTests(ComposedShop shop, ITestOutputHelper output) : IClassFixture<ComposedShop>
{
    const double LargestMegabytes = 130;

    [Fact]
    public async Task Every_image_is_small_and_says_what_it_is()
    {
        foreach (var line in shop.Said) output.WriteLine(line);
        var runtime = Base().Match(await File.ReadAllTextAsync(Path.Combine(ContainerEngine.Repository, "deploy", "docker", "Dockerfile"))).Groups["name"].Value;
        var runtimeSize = await SizeAsync(runtime);
        foreach (var service in Services.All)
        {
            var image = await shop.InspectAsync($"localhost/rosa/{service.Name}:latest");
            var megabytes = await SizeAsync($"localhost/rosa/{service.Name}:latest") - runtimeSize;
            output.WriteLine($"{service.Name}: {megabytes:0.0} MB beyond the runtime's image");
            Assert.InRange(megabytes, 1, LargestMegabytes);
            var labels = image.GetProperty("Config").GetProperty("Labels");
            Assert.Matches("^[0-9a-f]{40}$", labels.GetProperty("org.opencontainers.image.revision").GetString());   // podman may take one from its cache
            Assert.Equal("Apache-2.0", labels.GetProperty("org.opencontainers.image.licenses").GetString());
        }
    }

    [Fact]
    public async Task Every_container_is_healthy_not_root_and_cannot_write_but_in_tmp()
    {
        foreach (var service in Services.All)
        {
            foreach (var id in await shop.ContainersAsync(service.Name))
            {
                var container = await shop.InspectAsync(id);
                Assert.Equal("healthy", container.GetProperty("State").GetProperty("Health").GetProperty("Status").GetString());
                Assert.Equal("10001:10001", container.GetProperty("Config").GetProperty("User").GetString());
                Assert.True(container.GetProperty("HostConfig").GetProperty("ReadonlyRootfs").GetBoolean());

                // As the kernel sees its first process.
                var pid = container.GetProperty("State").GetProperty("Pid").GetInt32();
                var status = await File.ReadAllTextAsync($"/proc/{pid}/status");
                Assert.Matches(@"Uid:\s10001\s10001\s10001\s10001", status);
                Assert.Matches("CapEff:\\s0+\n", status);
                Assert.Matches("CapBnd:\\s0+\n", status);
                Assert.Matches("NoNewPrivs:\\s1", status);
                var mounts = await File.ReadAllLinesAsync($"/proc/{pid}/mounts");
                Assert.Contains(mounts, mount => mount.Split(' ') is [_, "/", _, var options, ..] && options.StartsWith("ro,", StringComparison.Ordinal));
                Assert.Contains(mounts, mount => mount.Split(' ') is ["tmpfs", "/tmp", _, var options, ..] && options.StartsWith("rw,", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task An_image_holds_the_files_of_its_service_alone()
    {
        foreach (var service in Services.All)
        {
            var pid = (await shop.InspectAsync((await shop.ContainersAsync(service.Name))[0])).GetProperty("State").GetProperty("Pid").GetInt32();
            var programs = Directory.GetFiles($"/proc/{pid}/root/app", "Rosa.*.dll").Select(Path.GetFileNameWithoutExtension).Order();
            Assert.Superset(new HashSet<string?> { $"Rosa.{service.Section}", "Rosa.Platform" }, programs.ToHashSet());
            Assert.Empty(programs.Except([$"Rosa.{service.Section}", "Rosa.Platform", "Rosa.Contracts", "Rosa.Web"]));
        }
    }

    [Fact]
    public async Task It_sells_through_Caddy_as_the_README_says()
    {
        var folder = await shop.FillAsync();
        Assert.Equal(HttpStatusCode.OK, (await shop.Http.GetAsync("http://127.0.0.1:8080/")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await shop.Http.GetAsync("http://127.0.0.1:8081/office/login")).StatusCode);
        Assert.Contains("Corde", await shop.Http.GetStringAsync("http://127.0.0.1:8080/api/products?limit=1"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Http.GetAsync("http://127.0.0.1:8000/metrics")).StatusCode);

        var session = await ReadmeSession.ReadAsync(Path.Combine(ContainerEngine.Repository, "README.md"));
        var (lines, errors) = await ReadmeSession.RunAsync(session, folder);
        output.WriteLine(string.Join('\n', lines));
        Assert.Equal("", errors);
        Assert.Equal(["CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED"], lines.Skip(1).Take(4));
        Assert.Equal("REFUNDED", lines[^1]);

        // What was told by events, through RabbitMQ, has been mailed to the catcher.
        await EventuallyAsync(async () => (await shop.Http.GetStringAsync("http://127.0.0.1:1080/email")).Contains("@customer.example", StringComparison.Ordinal), "a mail to the customer");
    }

    [Fact]
    public async Task A_service_that_is_scaled_is_found_by_its_name()
    {
        var begun = Stopwatch.GetTimestamp();
        await shop.ComposeAsync("up", "-d", "--no-build", "--no-recreate", "--scale", "catalog=2", "--scale", "gateway=2");
        await EventuallyAsync(async () => await SeenAsync("catalog") == 2, "two catalogs that the gateway knows");
        output.WriteLine($"Two catalogs and gateways known after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s.");
        await EventuallyAsync(async () => await AreHealthyAsync("catalog") && await AreHealthyAsync("gateway"), "both are healthy");

        // Somebody reads all the while that each of them has one instance again: nobody notices.
        using var enough = new CancellationTokenSource();
        var reading = ReadAsync(enough.Token);
        await shop.ComposeAsync("up", "-d", "--no-build", "--no-recreate", "--scale", "catalog=1", "--scale", "gateway=1");
        await EventuallyAsync(async () => await SeenAsync("catalog") == 1, "one catalog again");
        await enough.CancelAsync();
        var (count, failed) = await reading;
        output.WriteLine($"{count} requests while they left.");
        Assert.True(count > 50, $"{count} requests");
        Assert.Empty(failed);
    }

    async Task<(int Count, List<string> Failed)> ReadAsync(CancellationToken enough)
    {
        var (count, failed) = (0, new List<string>());
        while (!enough.IsCancellationRequested)
        {
            try
            {
                using var answer = await shop.Http.GetAsync(new Uri($"http://127.0.0.1:8000/api/products?limit=1&search={count++}"), CancellationToken.None);
                if (!answer.IsSuccessStatusCode) failed.Add($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
            }
            catch (HttpRequestException problem)
            {
                failed.Add(problem.Message);
            }
            await Task.Delay(20, CancellationToken.None);
        }
        return (count, failed);
    }

    async Task<bool> AreHealthyAsync(string service)
    {
        foreach (var id in await shop.ContainersAsync(service))
        {
            if ((await shop.InspectAsync(id)).GetProperty("State").GetProperty("Health").GetProperty("Status").GetString() != "healthy") return false;
        }
        return true;
    }

    /// <summary>How many instances the first gateway sees of a service.</summary>
    async Task<int> SeenAsync(string service)
    {
        await shop.Http.GetAsync("http://127.0.0.1:8000/api/products?limit=1");
        var gateway = await shop.InspectAsync((await shop.ContainersAsync("gateway"))[0]);
        var address = gateway.GetProperty("NetworkSettings").GetProperty("Networks").GetProperty("rosa_inside").GetProperty("IPAddress").GetString();
        var metrics = await shop.Http.GetStringAsync($"http://{address}:8000/metrics");
        var line = metrics.Split('\n').FirstOrDefault(line => line.StartsWith($"rosa_instances{{dependency=\"{service}\",state=\"in\"}} ", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
    }

    async Task<double> SizeAsync(string image) => (await shop.InspectAsync(image)).GetProperty("Size").GetInt64() / 1e6;

    static async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(2); await Task.Delay(500))
        {
            if (await condition()) return;
        }
        Assert.Fail($"This did not come true within two minutes: {what}");
    }

    [GeneratedRegex("^FROM (?<name>.*/aspnet:.*)$", RegexOptions.Multiline)]
    private static partial Regex Base();
}
