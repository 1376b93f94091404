using System.Globalization;
using Rosa.Platform.Hosting;

namespace Rosa.Host;

/// <summary>What the host tells each service: where to listen, where the others are, its database and its secret.</summary>
sealed class ServiceSettings(DataFolder folder, int portOffset, PrivatePostgres.Address postgres, Secrets secrets)
{
    public static readonly string[] LoginRoles = ["customer", "employee", "admin"];

    public string Http(Service service) => Url(service.Port);

    public string? Grpc(Service service) => service.GrpcPort is { } port ? Url(port) : null;

    public IEnumerable<KeyValuePair<string, string?>> For(Service service)
    {
        yield return new("Listen:Address", "127.0.0.1");
        yield return new("Listen:Port", Number(service.Port + portOffset));
        if (service.GrpcPort is { } grpcPort) yield return new("Listen:GrpcPort", Number(grpcPort + portOffset));

        foreach (var other in Services.All)
        {
            yield return new($"Services:{other.Name}:Http", Http(other));
            if (Grpc(other) is { } grpc) yield return new($"Services:{other.Name}:Grpc", grpc);
        }

        if (service.OwnsDatabase()) yield return new("Database:ConnectionString", postgres.ConnectionString(service.Name, service.Name, secrets.Database(service.Name)));
        yield return new("Identity:ServiceSecret", secrets.Service(service.Name));
        if (service.IsFront()) yield return new("Web:SessionKey", secrets.Sessions(service.Name));
        if (service.Name == "notifications") yield return new("Notifications:ShopAddress", Http(Services.All.Single(other => other.Name == "storefront")));
        if (service.Name == "catalog") yield return new("Catalog:Images:Folder", folder.Images);
        if (service.Name == "users")
        {
            foreach (var setting in ForUsersAlone()) yield return setting;
        }
    }

    // Users issues the tokens, so it alone knows everybody's secret; and it makes the three accounts that are always there.
    IEnumerable<KeyValuePair<string, string?>> ForUsersAlone()
    {
        foreach (var other in Services.All) yield return new($"Identity:ServiceSecrets:{other.Name}", secrets.Service(other.Name));
        yield return new("Users:KeySecret", secrets.SigningKeys);
        foreach (var role in LoginRoles)
        {
            var login = secrets.Login(role);
            yield return new($"Users:Logins:{role}:Email", login.Email);
            yield return new($"Users:Logins:{role}:Password", login.Password);
        }
        yield return new("Users:FirstAdmin:Email", secrets.Login("admin").Email);
        yield return new("Users:FirstAdmin:Password", secrets.Login("admin").Password);
    }

    string Url(int port) => $"http://127.0.0.1:{Number(port + portOffset)}";

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
