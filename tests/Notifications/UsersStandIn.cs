using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;
using Rosa.Testing;

namespace Rosa.Notifications.Tests;

/// <summary>What Notifications asks of Users, over real HTTP: the secrets of one-time links, and who was deleted.</summary>
sealed class UsersStandIn(TestService service, ConcurrentQueue<string> secrets) : IAsyncDisposable
{
    public Uri Address => service.HttpAddress;

    public IEnumerable<string> Secrets => secrets;

    public static async Task<UsersStandIn> StartAsync()
    {
        var secrets = new ConcurrentQueue<string>();
        var service = await TestService.StartAsync(new Service("users", Port: 0, _ => { }, app =>
        {
            app.MapPost("/internal/users/{userId:guid}/one-time-tokens", (JsonElement body) =>
            {
                var secret = $"{body.GetProperty("purpose").GetString()}-{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}";
                secrets.Enqueue(secret);
                return Results.Json(new { token = secret, expiresAt = DateTimeOffset.UtcNow });
            }).For(Access.Service);
            app.MapGet(DeletedUsers.Route, async (HttpContext context) =>
            {
                await Task.Delay(FollowDeletedUsers.LongestWait, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return Results.Json(new DeletedUserList("", []));
            }).For(Access.Service);
        }, Calls: [])
        { Assembly = typeof(UsersStandIn).Assembly });
        return new UsersStandIn(service, secrets);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();
}
