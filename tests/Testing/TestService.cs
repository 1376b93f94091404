using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rosa.Platform.Grpc;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;
using Rosa.Platform.Messaging;

namespace Rosa.Testing;

/// <summary>A real service on free ports and a database of its own, as a process of its own would run it.</summary>
public sealed class TestService : IAsyncDisposable
{
    readonly WebApplication app;

    TestService(WebApplication app, string connectionString, Uri http, Uri? grpc)
    {
        this.app = app;
        ConnectionString = connectionString;
        HttpAddress = http;
        GrpcAddress = grpc;
    }

    public string ConnectionString { get; }
    public Uri HttpAddress { get; }
    public Uri? GrpcAddress { get; }

    /// <summary>The service's own container.</summary>
    public IServiceProvider Services => app.Services;

    /// <param name="settings">Configuration on top of the test's own.</param>
    /// <param name="connectionString">An existing database, to start a second instance on it or the service anew; a new one by default.</param>
    /// <param name="configure">Changes to the container after the service's own registrations.</param>
    /// <param name="ownTokens">True for Users, which issues the tokens itself.</param>
    public static async Task<TestService> StartAsync(
        Service service, IEnumerable<KeyValuePair<string, string?>>? settings = null, string? connectionString = null,
        Action<IServiceCollection>? configure = null, bool ownTokens = false, IEventTransport? transport = null)
    {
        connectionString ??= await TestPostgres.CreateDatabaseAsync(service.Name);
        var configured = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Warning",
            ["Listen:Port"] = "0",
            ["Listen:GrpcPort"] = "0",
            ["Database:ConnectionString"] = connectionString,
        };
        foreach (var (name, value) in settings ?? []) configured[name] = value;

        var underTest = service with
        {
            Add = builder =>
            {
                service.Add(builder);
                if (!ownTokens)
                {
                    builder.Services.Replace(ServiceDescriptor.Singleton<ITokenKeys>(TestTokens.Shared));
                    builder.Services.Replace(ServiceDescriptor.Singleton<IServiceTokenSource>(TestTokens.Shared));
                }
                configure?.Invoke(builder.Services);
            },
        };
        var app = ServiceProcess.Build(underTest, configured, args: [], transport);
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.StopAsync();
            await app.DisposeAsync();
            throw;
        }
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToList();
        return new TestService(app, connectionString, addresses[0], addresses.Count > 1 ? addresses[1] : null);
    }

    /// <summary>A client that carries this token; without one it is a guest's.</summary>
    public HttpClient Client(string? token = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = HttpAddress };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public GrpcChannel Channel() => new(GrpcAddress ?? throw new InvalidOperationException("The service has no gRPC port."));

    /// <summary>The metadata of a call between services.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> ServiceMetadata { get; } = [new("authorization", "Bearer " + TestTokens.Shared.Service("test"))];

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
