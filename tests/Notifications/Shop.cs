using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Rosa.Contracts;
using Rosa.Contracts.Orders;
using Rosa.Contracts.Users;
using Rosa.Platform.Hosting;
using Rosa.Platform.Messaging;
using Rosa.Testing;

namespace Rosa.Notifications.Tests;

/// <summary>Notifications with a bus on which the test plays the other services.</summary>
sealed class Shop : IAsyncDisposable
{
    readonly InProcessTransport bus;

    readonly UsersStandIn users;

    Shop(TestService service, InProcessTransport bus, MovableClock clock, UsersStandIn users)
    {
        this.users = users;
        Service = service;
        this.bus = bus;
        Clock = clock;
    }

    public TestService Service { get; }

    public MovableClock Clock { get; }

    /// <summary>The secrets of one-time links that were given out, newest last.</summary>
    public IReadOnlyList<string> LinkSecrets => [.. users.Secrets];

    public static async Task<Shop> OpenAsync(int? smtpPort = null, string? connectionString = null, Dictionary<string, string?>? more = null)
    {
        var bus = new InProcessTransport();
        var clock = new MovableClock();
        var users = await UsersStandIn.StartAsync();
        var settings = new Dictionary<string, string?>(more ?? []) { ["Services:users:Http"] = users.Address.AbsoluteUri, ["Notifications:ShopAddress"] = "https://shop.example" };
        if (smtpPort is { } port)
        {
            settings["Notifications:Smtp:Host"] = "127.0.0.1";
            settings["Notifications:Smtp:Port"] = $"{port}";
            settings["Notifications:Smtp:Tls"] = "false";
        }
        var service = await TestService.StartAsync(
            new Service("notifications", Port: 8006, NotificationsService.AddNotifications, NotificationsService.MapNotifications, Calls: []),
            settings, connectionString, configure: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)), transport: bus);
        return new Shop(service, bus, clock, users);
    }

    public Task TellAsync<TEvent>(TEvent happened, Guid? eventId = null) where TEvent : IEvent
    {
        var id = eventId ?? Guid.CreateVersion7();
        return bus.PublishAsync([new EventMessage(id, TEvent.Type.RoutingKey, happened.Subject, EventEnvelope.Write(id, happened, Clock.GetUtcNow()))], default);
    }

    public static UserCreated Somebody(string language = "fr", string firstName = "Pralinette", Guid? userId = null)
    {
        var id = userId ?? Guid.CreateVersion7();
        return new UserCreated(id, $"{id:N}@rosa.example", firstName, "Exemple", language, DateTimeOffset.UtcNow);
    }

    public static OrderCreated OrderOf(Guid userId) => new(
        Guid.CreateVersion7(), userId,
        [new OrderedItem(Guid.CreateVersion7(), "Croquettes <fines> & bio", 619.75m, 2, 1239.50m), new OrderedItem(Guid.CreateVersion7(), "Balle", 5m, 1, 5m)],
        TotalAmount: 1244.50m, Discount: 10m, FinalAmount: 1234.50m, "EUR",
        new ShippingAddress("Pralinette Exemple", "1 rue de l'Exemple", null, "75000", "Paris", "FR"), DateTimeOffset.UtcNow);

    public async Task<Page> ListAsync(string token, string path = "/api/notifications")
    {
        using var client = Service.Client(token);
        return (await client.GetFromJsonAsync<Page>(path, JsonSerializerOptions.Web))!;
    }

    public Task<Page> LogAsync(string query = "") => ListAsync(TestTokens.Shared.Employee(), "/api/notifications/log" + query);

    /// <summary>Waits until the newest mails of the log have these outcomes.</summary>
    public Task<Page> LogWithAsync(params string[] outcomes) => LogWithAsync("?channel=email", outcomes);

    /// <summary>Waits until the newest entries of a part of the log have these outcomes.</summary>
    public async Task<Page> LogWithAsync(string query, string[] outcomes)
    {
        var log = await LogAsync(query);
        for (var attempt = 0; attempt < 600 && !log.Notifications.Select(entry => entry.Outcome).SequenceEqual(outcomes); attempt++)
        {
            await Task.Delay(50);
            log = await LogAsync(query);
        }
        Assert.Equal(outcomes, log.Notifications.Select(entry => entry.Outcome));
        return log;
    }

    /// <summary>Does something as if time had passed, and comes back: access tokens live an hour.</summary>
    public async Task<int> LaterAsync(TimeSpan time, Func<Task<int>> work)
    {
        Clock.Advance(time);
        var done = await work();
        Clock.Advance(-time);
        return done;
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await users.DisposeAsync();
    }
}

sealed record Page(IReadOnlyList<Entry> Notifications, long Total, int Limit);

sealed record Entry(
    Guid NotificationId, Guid? UserId, string Event, string Channel, string Language, string Subject, string? Text, Guid? OrderId,
    DateTimeOffset? SentAt, DateTimeOffset? ReadAt, string Outcome, int? Attempts, string? Error);

/// <summary>The real time, and what the test adds to it.</summary>
sealed class MovableClock : TimeProvider
{
    long added;

    public void Advance(TimeSpan time) => Interlocked.Add(ref added, time.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref added));
}
