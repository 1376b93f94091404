using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Rosa.Cli.Top;

/// <summary>An instance, as <c>rosa.json</c> names it.</summary>
sealed record WatchedInstance(string Service, string Name, Uri Http, int? ProcessId);

/// <summary>A queue of the broker.</summary>
sealed record WatchedQueue(string Name, long Messages, long Consumers);

/// <summary>A Rosa that somebody looks at: one process or many. It is read anew each time, as instances come and go.</summary>
sealed class WatchedRosa(string dataFolder) : IDisposable
{
    readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };

    public bool IsRunning => File.Exists(Path.Combine(dataFolder, "rosa.json"));

    JsonElement Json()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(dataFolder, "rosa.json")));
        return document.RootElement.Clone();
    }

    public async Task<IReadOnlyList<(WatchedInstance Instance, Reading? Reading)>> ReadAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(Instances(Json()).Select(async instance => (instance, await ReadAsync(instance, cancellationToken))));

    /// <summary>Null where there is no broker, or it does not answer.</summary>
    public async Task<IReadOnlyList<WatchedQueue>?> QueuesAsync(CancellationToken cancellationToken)
    {
        if (!Json().TryGetProperty("rabbitmqManagement", out var address)) return null;
        var management = new Uri(address.GetString()!);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(management, "/api/queues?columns=name,messages,consumers"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(management.UserInfo)));
        try
        {
            using var answer = await http.SendAsync(request, cancellationToken);
            if (!answer.IsSuccessStatusCode) return null;
            using var queues = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(cancellationToken));
            return [.. queues.RootElement.EnumerateArray().Select(queue => new WatchedQueue(queue.GetProperty("name").GetString()!, Number(queue, "messages"), Number(queue, "consumers")))];
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellationToken))
        {
            return null;
        }
    }

    static IReadOnlyList<WatchedInstance> Instances(JsonElement json)
    {
        if (!json.TryGetProperty("instances", out var instances))
            return [.. json.GetProperty("services").EnumerateObject().Select(service => new WatchedInstance(service.Name, service.Name, Http(service.Value), null))];
        return [.. instances.EnumerateObject().SelectMany(service => service.Value.EnumerateArray().Select(instance =>
            new WatchedInstance(service.Name, instance.GetProperty("name").GetString()!, Http(instance), instance.GetProperty("pid").GetInt32())))];
    }

    async Task<Reading?> ReadAsync(WatchedInstance instance, CancellationToken cancellationToken)
    {
        try
        {
            return Reading.Of(MetricsText.Parse(await http.GetStringAsync(new Uri(instance.Http, "/metrics"), cancellationToken)), DateTimeOffset.UtcNow);
        }
        catch (Exception exception) when (IsNoAnswer(exception, cancellationToken))
        {
            return null;
        }
    }

    static bool IsNoAnswer(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    static Uri Http(JsonElement instance) => new(instance.GetProperty("http").GetString()!);

    // The broker has not counted yet when the queue is new.
    static long Number(JsonElement queue, string name) => queue.TryGetProperty(name, out var number) && number.TryGetInt64(out var value) ? value : 0;

    public void Dispose() => http.Dispose();
}
