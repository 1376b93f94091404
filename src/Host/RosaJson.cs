using System.Buffers;
using System.Text.Json;
using Rosa.Host.Distributed;
using Rosa.Platform.Hosting;

namespace Rosa.Host;

/// <summary>
/// <c>rosa.json</c>: where everything is and how to sign in, for people and programs. It is there exactly while everything is ready,
/// and readable by its owner only, since it holds passwords.
/// </summary>
static class RosaJson
{
    public static void Write(DataFolder folder, IReadOnlyList<Service> running, ServiceSettings settings, Secrets secrets, PrivatePostgres postgres, DistributedParts? distributed = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            foreach (var entrance in (string[])["gateway", "storefront", "backoffice"])
            {
                json.WriteString(entrance, running.FirstOrDefault(service => service.Name == entrance) is { } service ? settings.Entrance(service) : null);
            }
            WriteServices(json, running, settings, distributed);
            WriteLogins(json, secrets);
            WritePostgres(json, running, secrets, postgres);
            if (distributed is not null) WriteDistributed(json, distributed);
            WriteProcesses(json, [("host", Environment.ProcessId), ("postgres", postgres.ProcessId), .. distributed?.Processes ?? []]);
            json.WriteEndObject();
        }
        DataFolder.WritePrivately(folder.RosaJson, buffer.WrittenSpan);
    }

    static void WriteServices(Utf8JsonWriter json, IReadOnlyList<Service> running, ServiceSettings settings, DistributedParts? distributed)
    {
        json.WriteStartObject("services");
        foreach (var service in running)
        {
            json.WriteStartObject(service.Name);
            var instance = distributed?.Instances.First(instance => instance.Service == service);
            json.WriteString("http", instance is null ? settings.Http(service) : instance.Http);
            json.WriteString("grpc", instance is null ? settings.Grpc(service) : instance.Grpc);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    static void WriteLogins(Utf8JsonWriter json, Secrets secrets)
    {
        json.WriteStartObject("logins");
        foreach (var role in ServiceSettings.LoginRoles)
        {
            var login = secrets.Login(role);
            json.WriteStartObject(role);
            json.WriteString("email", login.Email);
            json.WriteString("password", login.Password);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    static void WritePostgres(Utf8JsonWriter json, IReadOnlyList<Service> running, Secrets secrets, PrivatePostgres postgres)
    {
        json.WriteStartObject("postgres");
        json.WriteString("host", "127.0.0.1");
        json.WriteNumber("port", postgres.Port);
        json.WriteString("user", PrivatePostgres.Reader);
        json.WriteString("password", secrets.Database(PrivatePostgres.Reader));
        json.WriteStartObject("databases");
        foreach (var service in running.Where(service => service.OwnsDatabase())) json.WriteString(service.Name, service.Name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteDistributed(Utf8JsonWriter json, DistributedParts distributed)
    {
        json.WriteString("rabbitmq", distributed.RabbitMq);
        json.WriteString("rabbitmqManagement", distributed.RabbitMqManagement);
        json.WriteString("redis", distributed.Redis);
        json.WriteStartObject("instances");
        foreach (var service in distributed.Instances.GroupBy(instance => instance.Service.Name))
        {
            json.WriteStartArray(service.Key);
            foreach (var instance in service)
            {
                json.WriteStartObject();
                json.WriteString("name", instance.Name);
                json.WriteString("http", instance.Http);
                json.WriteString("grpc", instance.Grpc);
                json.WriteNumber("pid", instance.ProcessId);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    static void WriteProcesses(Utf8JsonWriter json, IEnumerable<(string Name, int Pid)> processes)
    {
        json.WriteStartArray("processes");
        foreach (var (name, pid) in processes)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("pid", pid);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}

/// <summary>What <c>rosa.json</c> says of a distributed Rosa beside the rest.</summary>
/// <param name="RabbitMq">For <c>RabbitMq:Address</c>.</param>
/// <param name="RabbitMqManagement">Its management API, with user and password.</param>
/// <param name="Redis">For <c>Redis:Address</c>.</param>
/// <param name="Processes">All but the host and PostgreSQL.</param>
sealed record DistributedParts(
    string RabbitMq, string RabbitMqManagement, string Redis, IReadOnlyList<ServiceInstance> Instances, IEnumerable<(string Name, int Pid)> Processes);
