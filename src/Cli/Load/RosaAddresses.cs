using System.Text.Json;
using Npgsql;

namespace Rosa.Cli.Load;

/// <summary>What <c>rosa.json</c> says of a Rosa that is ready: where everything is, and how to sign in.</summary>
sealed class RosaAddresses(JsonElement json)
{
    public static RosaAddresses Read(string dataFolder)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(dataFolder, "rosa.json")));
        return new RosaAddresses(document.RootElement.Clone());
    }

    public Uri Gateway => new(json.GetProperty("gateway").GetString()!);

    public Uri Storefront => new(json.GetProperty("storefront").GetString()!);

    public Uri Http(string service) => new(json.GetProperty("services").GetProperty(service).GetProperty("http").GetString()!);

    public Uri Grpc(string service) => new(json.GetProperty("services").GetProperty(service).GetProperty("grpc").GetString()!);

    public (string Email, string Password) Login(string role)
    {
        var login = json.GetProperty("logins").GetProperty(role);
        return (login.GetProperty("email").GetString()!, login.GetProperty("password").GetString()!);
    }

    public int Process(string name) =>
        json.GetProperty("processes").EnumerateArray().First(process => process.GetProperty("name").GetString() == name).GetProperty("pid").GetInt32();

    public int PostgresPort => json.GetProperty("postgres").GetProperty("port").GetInt32();

    /// <summary>The database of a service, by the role that may read everything and write nothing.</summary>
    public string ReadOnly(string service)
    {
        var postgres = json.GetProperty("postgres");
        return new NpgsqlConnectionStringBuilder
        {
            Host = postgres.GetProperty("host").GetString(),
            Port = PostgresPort,
            Database = postgres.GetProperty("databases").GetProperty(service).GetString(),
            Username = postgres.GetProperty("user").GetString(),
            Password = postgres.GetProperty("password").GetString(),
            Pooling = false,
        }.ConnectionString;
    }
}
