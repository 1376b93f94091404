using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rosa.Host;

/// <summary><c>rosa status</c>: reads <c>rosa.json</c> and asks every service whether it is ready.</summary>
static class Status
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The exit code: 0 when all are ready, 1 otherwise.</summary>
    public static async Task<int> PrintAsync(DataFolder folder, bool asJson, TextWriter to)
    {
        var services = await AskAsync(folder);
        var running = services.Count > 0;
        var allReady = running && services.All(service => service.Answer == "ready");
        if (asJson)
        {
            var answers = new JsonObject();
            foreach (var (name, http, answer) in services) answers[name] = new JsonObject { ["http"] = http, ["ready"] = answer == "ready", ["status"] = answer };
            to.WriteLine(new JsonObject { ["running"] = running, ["ready"] = allReady, ["services"] = answers }.ToJsonString(Indented));
        }
        else if (!running)
        {
            to.WriteLine($"Rosa is not running on {folder.Path}.");
        }
        else
        {
            foreach (var (name, http, answer) in services) to.WriteLine($"  {name,-14} {http,-26} {answer}");
        }
        return allReady ? 0 : 1;
    }

    static async Task<IReadOnlyList<(string Name, string Http, string Answer)>> AskAsync(DataFolder folder)
    {
        if (!IsHostAlive(folder)) return [];
        try
        {
            using var rosa = JsonDocument.Parse(await File.ReadAllBytesAsync(folder.RosaJson));
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
            return await Task.WhenAll(rosa.RootElement.GetProperty("services").EnumerateObject()
                .Select(service => (service.Name, Http: service.Value.GetProperty("http").GetString()!))
                .ToList()
                .Select(async service => (service.Name, service.Http, await AskAsync(http, service.Http))));
        }
        catch (FileNotFoundException)
        {
            return [("host", "", "starting")];
        }
    }

    static async Task<string> AskAsync(HttpClient http, string service)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"{service}/health/ready"));
            return answer.IsSuccessStatusCode ? "ready" : "not ready";
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return "no answer";
        }
    }

    static bool IsHostAlive(DataFolder folder) => FolderLock.Holder(folder) is { } pid && SystemProcess.IsAlive(pid);
}
