using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;
using Rosa.Platform.Messaging;
using Rosa.Testing;

namespace Rosa.Users.Tests;

/// <summary>Users on a database of its own, with a first admin, quick hashes, and a clock that can be put forward.</summary>
public sealed class UsersShop : IAsyncLifetime
{
    public const string AdminEmail = "admin@shop.test";
    public const string AdminPassword = "the first admin's password";
    public const string GoodPassword = "warm kitten biscuits";

    public static readonly Service Users = new("users", Port: 8001, UsersService.AddUsers, UsersService.MapUsers, Calls: []);

    readonly InProcessTransport bus = new();
    readonly ConcurrentQueue<EventMessage> told = new();
    TestService? service;
    NpgsqlDataSource? database;

    public TestService Service => service!;

    public NpgsqlDataSource Database => database!;

    public MovableClock Clock { get; } = new();

    public static Dictionary<string, string?> Settings => new()
    {
        ["Users:PasswordIterations"] = "1000",
        ["Users:FirstAdmin:Email"] = AdminEmail,
        ["Users:FirstAdmin:Password"] = AdminPassword,
        ["Identity:ServiceSecrets:orders"] = "the secret of orders",
        ["Identity:ServiceSecrets:payments"] = "the secret of payments",
        ["Identity:ServiceSecrets:notifications"] = "the secret of notifications",
    };

    public async ValueTask InitializeAsync()
    {
        var all = new[] { "UserCreated", "UserUpdated", "UserDeleted", "UserFollowed", "UserUnfollowed", "EmailVerificationRequested", "PasswordResetRequested" };
        bus.Subscribe("listener", all.Select(name => $"users.{name}").ToHashSet(), (events, _) =>
        {
            foreach (var happened in events) told.Enqueue(happened);
            return Task.CompletedTask;
        });
        service = await StartAsync(Settings, bus);
        database = NpgsqlDataSource.Create(Service.ConnectionString);
    }

    /// <summary>Another instance of the service, on this database.</summary>
    public Task<TestService> StartAnotherAsync(Dictionary<string, string?>? settings = null) => StartAsync(settings ?? Settings, bus);

    Task<TestService> StartAsync(Dictionary<string, string?> settings, IEventTransport transport) => TestService.StartAsync(
        Users, settings, service?.ConnectionString, services => services.AddSingleton<TimeProvider>(Clock), ownTokens: true, transport);

    public async ValueTask DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
        if (service is not null) await service.DisposeAsync();
    }

    public HttpClient Guest => Service.Client();

    public HttpClient As(SessionAnswer session) => Service.Client(session.Token);

    public static string NewEmail() => $"{Guid.NewGuid():N}@shop.test";

    /// <summary>A client that carries a service's own token.</summary>
    public async Task<HttpClient> AsServiceAsync(string name)
    {
        using var guest = Guest;
        using var response = await guest.PostAsJsonAsync("/internal/service-tokens", new ServiceTokenRequest(name, $"the secret of {name}"));
        return Service.Client((await response.ShouldBe<ServiceTokenResponse>(HttpStatusCode.OK)).Token);
    }

    /// <summary>Another service of the shop, which believes the tokens of this one.</summary>
    public Task<TestService> StartOtherServiceAsync(string name, Action<WebApplication> map) => TestService.StartAsync(
        new Service(name, Port: 0, _ => { }, map, Calls: ["users"]) { Assembly = typeof(UsersShop).Assembly },
        new Dictionary<string, string?> { ["Services:users:Http"] = Service.HttpAddress.AbsoluteUri, ["Identity:ServiceSecret"] = $"the secret of {name}" }, ownTokens: true);

    public async Task<SessionAnswer> RegisterAsync(string? email = null, string password = GoodPassword, string firstName = "Ada", string lastName = "Lovelace")
    {
        using var guest = Guest;
        using var response = await guest.PostAsJsonAsync("/api/users/register", new RegisterRequest(email ?? NewEmail(), password, firstName, lastName));
        return await response.ShouldBe<SessionAnswer>(HttpStatusCode.Created);
    }

    public async Task<HttpResponseMessage> TryLoginAsync(string email, string password = GoodPassword)
    {
        using var guest = Guest;
        return await guest.PostAsJsonAsync("/api/users/login", new LoginRequest(email, password));
    }

    public async Task<SessionAnswer> LoginAsync(string email, string password = GoodPassword)
    {
        using var response = await TryLoginAsync(email, password);
        return await response.ShouldBe<SessionAnswer>(HttpStatusCode.OK);
    }

    public Task<SessionAnswer> LoginAdminAsync() => LoginAsync(AdminEmail, AdminPassword);

    public async Task<HttpResponseMessage> TryRefreshAsync(string refreshToken, string? key = null)
    {
        using var guest = Guest;
        if (key is not null) guest.DefaultRequestHeaders.Add("Idempotency-Key", key);
        return await guest.PostAsJsonAsync("/api/users/refresh", new RefreshRequest(refreshToken));
    }

    public async Task<SessionAnswer> RefreshAsync(string refreshToken, string? key = null)
    {
        using var response = await TryRefreshAsync(refreshToken, key);
        return await response.ShouldBe<SessionAnswer>(HttpStatusCode.OK);
    }

    public async Task<HttpStatusCode> RefreshStatusAsync(string refreshToken)
    {
        using var response = await TryRefreshAsync(refreshToken);
        return response.StatusCode;
    }

    public async Task<T?> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql, parameters);
    }

    /// <summary>The events of one user, once there are as many as expected.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsOfAsync(Guid userId, int count)
    {
        for (var waited = 0; ; waited++)
        {
            var events = told.Where(happened => happened.Subject == userId.ToString()).Select(happened => JsonDocument.Parse(happened.Envelope).RootElement).ToList();
            if (events.Count >= count || waited == 1_500) return events;
            await Task.Delay(20);
        }
    }
}

/// <summary>The real time, and as much more as a test wants.</summary>
public sealed class MovableClock : TimeProvider
{
    long aheadTicks;

    public void PutForward(TimeSpan by) => Interlocked.Add(ref aheadTicks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref aheadTicks));
}
