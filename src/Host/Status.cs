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
            // One entry a service: the best of its instances is how the service is.
            foreach (var service in services.GroupBy(service => service.Service))
            {
                var best = service.FirstOrDefault(instance => instance.Answer == "ready") ?? service.First();
                answers[service.Key] = new JsonObject { ["http"] = best.Http, ["ready"] = best.Answer == "ready", ["status"] = best.Answer };
            }
            var instances = new JsonObject();
            foreach (var instance in services.Where(service => service.Name != service.Service)) instances[instance.Name] = new JsonObject { ["http"] = instance.Http, ["ready"] = instance.Answer == "ready", ["status"] = instance.Answer };
            var status = new JsonObject { ["running"] = running, ["ready"] = allReady, ["services"] = answers };
            if (instances.Count > 0) status["instances"] = instances;
            to.WriteLine(status.ToJsonString(Indented));
        }
        else if (!running)
        {
            to.WriteLine($"Rosa is not running on {folder.Path}.");
        }
        else
        {
            foreach (var (_, name, http, answer) in services) to.WriteLine($"  {name,-17} {http,-26} {answer}");
        }
        return allReady ? 0 : 1;
    }

    /// <param name="Name">The service's, or the instance's when a service has several.</param>
    sealed record Asked(string Service, string Name, string Http, string Answer);

    static async Task<IReadOnlyList<Asked>> AskAsync(DataFolder folder)
    {
        if (!IsHostAlive(folder)) return [];
        try
        {
            using var rosa = JsonDocument.Parse(await File.ReadAllBytesAsync(folder.RosaJson));
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
            return await Task.WhenAll(Addresses(rosa.RootElement).ToList().Select(async place => new Asked(place.Service, place.Name, place.Http, await AskAsync(http, place.Http))));
        }
        catch (FileNotFoundException)
        {
            return [new Asked("host", "host", "", "starting")];
        }
    }

    static IEnumerable<(string Service, string Name, string Http)> Addresses(JsonElement rosa) =>
        rosa.TryGetProperty("instances", out var instances)
            ? instances.EnumerateObject().SelectMany(service => service.Value.EnumerateArray().Select(instance => (service.Name, instance.GetProperty("name").GetString()!, instance.GetProperty("http").GetString()!)))
            : rosa.GetProperty("services").EnumerateObject().Select(service => (service.Name, service.Name, service.Value.GetProperty("http").GetString()!));

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
