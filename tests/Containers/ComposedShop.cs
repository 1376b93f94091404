using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Rosa.Containers.Tests;

/// <summary>The shop as <c>docker compose up</c> brings it up by both compose files, on this machine's usual ports.</summary>
public sealed class ComposedShop : IAsyncLifetime
{
    // The images that are built here, and the only key that the storage standing in knows.
    const string Own = "\nIMAGES=localhost/rosa\nGateway__RateLimitPerMinute=0\nSTORAGE_ACCESS_KEY=S3RVER\nSTORAGE_SECRET_KEY=S3RVER\n";

    static readonly string project = Path.Combine(ContainerEngine.Repository, "deploy", "compose");

    readonly List<string> said = [];
    string env = "";

    ContainerEngine? engine;

    internal ContainerEngine Engine => engine!;

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    public IReadOnlyList<string> Said => said;

    public async ValueTask InitializeAsync()
    {
        try
        {
            await BringUpAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    async Task BringUpAsync()
    {
        Assert.False(File.Exists(Path.Combine(project, ".env")), "There is somebody's own .env in deploy/compose, whose shop this might disturb.");
        engine = await ContainerEngine.StartAsync(said.Add);
        env = Directory.CreateTempSubdirectory("rosa-compose-").FullName;
        foreach (var file in (string[])["new-env", ".env.example"]) File.Copy(Path.Combine(project, file), Path.Combine(env, file));
        using (var script = Process.Start(new ProcessStartInfo(Path.Combine(env, "new-env")) { RedirectStandardOutput = true })!) await script.WaitForExitAsync();
        await File.AppendAllTextAsync(Path.Combine(env, ".env"), Own);

        var begun = Stopwatch.GetTimestamp();
        await ComposeAsync("up", "-d", "--no-build");
        said.Add($"docker compose up: {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s");
    }

    /// <summary>With the repository's files and the .env of this run.</summary>
    public async Task<string> ComposeAsync(params string[] arguments)
    {
        try
        {
            return await Engine.ComposeAsync(project, ["--env-file", Path.Combine(env, ".env"), "-f", "compose.yaml", "-f", "compose.dev.yaml", .. arguments]);
        }
        catch (InvalidOperationException problem) when (arguments[0] == "up")
        {
            throw new InvalidOperationException($"{problem.Message}\n{await ComposeAsync("ps", "-a")}\n{await ComposeAsync("logs", "--tail", "15")}");
        }
    }

    public async Task<string[]> ContainersAsync(string service) => (await ComposeAsync("ps", "-q", service)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async Task<JsonElement> InspectAsync(string container) => JsonDocument.Parse(await Engine.DockerAsync("inspect", container)).RootElement[0];

    public string Setting(string name) => File.ReadLines(Path.Combine(env, ".env")).Last(line => line.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];

    /// <summary>What the README's session finds in the demo shop, and an employee with their password where it looks for it.</summary>
    public async Task<string> FillAsync()
    {
        const string api = "http://127.0.0.1:8000/api", password = "un-mot-de-passe";
        var admin = await PostAsync($"{api}/users/login", new { email = Setting("ADMIN_EMAIL"), password = Setting("ADMIN_PASSWORD") });
        var employee = await PostAsync($"{api}/users/register", new { email = "employee@rosa.example", password, firstName = "Rose", lastName = "Exemple" });
        Http.DefaultRequestHeaders.Authorization = new("Bearer", admin.GetProperty("token").GetString());
        (await Http.PutAsJsonAsync($"{api}/users/{employee.GetProperty("userId").GetString()}/role", new { role = "employee" })).EnsureSuccessStatusCode();
        await PostAsync($"{api}/categories", new { slug = "chien", title = "Chien" });
        await PostAsync($"{api}/products", new { title = "Corde à nœuds", description = "Pour tirer.", price = 9.90m, category = "chien", quantity = 100 });
        await PostAsync($"{api}/promotions", new { code = "BIENVENUE10", discountPercentage = 10, validFrom = DateTimeOffset.UtcNow.AddDays(-1), validUntil = DateTimeOffset.UtcNow.AddDays(30) });
        Http.DefaultRequestHeaders.Authorization = null;

        Directory.CreateDirectory(Path.Combine(env, ".rosa"));
        await File.WriteAllTextAsync(Path.Combine(env, ".rosa", "rosa.json"), $$"""
            { "logins": {
              "employee": {
                "password": "{{password}}"
              } } }
            """);
        return env;
    }

    async Task<JsonElement> PostAsync(string address, object body)
    {
        using var answer = await Http.PostAsJsonAsync(address, body);
        var said = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {(int)answer.StatusCode} {said}");
        return JsonDocument.Parse(said).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (engine is null) return;
        if (env.Length > 0)
        {
            await ComposeAsync("down", "--volumes", "--timeout", "45");
            Directory.Delete(env, recursive: true);
        }
        await engine.DisposeAsync();
        engine = null;
    }
}
