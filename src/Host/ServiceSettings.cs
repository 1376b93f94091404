using System.Globalization;
using Rosa.Host.Distributed;
using Rosa.Platform.Hosting;

namespace Rosa.Host;

/// <summary>What the host tells each service: where to listen, where the others are, its database and its secret.</summary>
/// <param name="instances">Where instances are when each is a process of its own; null when all services run in this process, on their own ports.</param>
sealed class ServiceSettings(DataFolder folder, int portOffset, PrivatePostgres.Address postgres, Secrets secrets, InstancePorts? instances = null)
{
    public static readonly string[] LoginRoles = ["customer", "employee", "admin"];

    /// <summary>Where clients come to the gateway or a front: Caddy's port, or its own when there is no Caddy.</summary>
    public string Entrance(Service service) => Url(service.Port + portOffset);

    /// <summary>Where a service answers; one of its instances when it has several.</summary>
    public string Http(Service service) => Url(Ports(service, 1).Http);

    public string? Grpc(Service service) => Ports(service, 1).Grpc is { } port ? Url(port) : null;

    public static string Url(int port) => $"http://127.0.0.1:{Number(port)}";

    /// <param name="number">Of the instance, from 1.</param>
    public IEnumerable<KeyValuePair<string, string?>> For(Service service, int number = 1)
    {
        var (http, ownGrpc) = Ports(service, number);
        yield return new("Listen:Address", "127.0.0.1");
        yield return new("Listen:Port", Number(http));
        if (ownGrpc is { } grpcPort) yield return new("Listen:GrpcPort", Number(grpcPort));

        foreach (var other in Services.All)
        {
            // Of several instances, all places where one may be: they count until Redis says who is there.
            var places = (instances?.Numbers(other) ?? [1]).Select(place => Ports(other, place)).ToList();
            yield return new($"Services:{other.Name}:Http", string.Join(' ', places.Select(place => Url(place.Http))));
            if (other.GrpcPort is not null) yield return new($"Services:{other.Name}:Grpc", string.Join(' ', places.Select(place => Url(place.Grpc!.Value))));
        }

        if (service.OwnsDatabase()) yield return new("Database:ConnectionString", postgres.ConnectionString(service.Name, service.Name, secrets.Database(service.Name)));
        yield return new("Identity:ServiceSecret", secrets.Service(service.Name));
        if (service.IsFront()) yield return new("Web:SessionKey", secrets.Sessions(service.Name));
        if (service.Name == "notifications") yield return new("Notifications:ShopAddress", Entrance(Services.All.Single(other => other.Name == "storefront")));
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

    (int Http, int? Grpc) Ports(Service service, int number) => instances?.Of(service, number) ?? (service.Port + portOffset, service.GrpcPort + portOffset);

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
