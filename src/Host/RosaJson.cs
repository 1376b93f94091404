using System.Buffers;
using System.Text.Json;
using Rosa.Platform.Hosting;

namespace Rosa.Host;

/// <summary>
/// <c>rosa.json</c>: where everything is and how to sign in, for people and programs. It is there exactly while everything is ready,
/// and readable by its owner only, since it holds passwords.
/// </summary>
static class RosaJson
{
    public static void Write(DataFolder folder, IReadOnlyList<Service> running, ServiceSettings settings, Secrets secrets, PrivatePostgres postgres)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            foreach (var entrance in (string[])["gateway", "storefront", "backoffice"])
            {
                json.WriteString(entrance, running.FirstOrDefault(service => service.Name == entrance) is { } service ? settings.Http(service) : null);
            }
            WriteServices(json, running, settings);
            WriteLogins(json, secrets);
            WritePostgres(json, running, secrets, postgres);
            WriteProcesses(json, ("host", Environment.ProcessId), ("postgres", postgres.ProcessId));
            json.WriteEndObject();
        }
        DataFolder.WritePrivately(folder.RosaJson, buffer.WrittenSpan);
    }

    static void WriteServices(Utf8JsonWriter json, IReadOnlyList<Service> running, ServiceSettings settings)
    {
        json.WriteStartObject("services");
        foreach (var service in running)
        {
            json.WriteStartObject(service.Name);
            json.WriteString("http", settings.Http(service));
            json.WriteString("grpc", settings.Grpc(service));
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

    static void WriteProcesses(Utf8JsonWriter json, params ReadOnlySpan<(string Name, int Pid)> processes)
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
