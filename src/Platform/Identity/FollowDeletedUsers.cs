using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rosa.Platform.Discovery;
using Rosa.Platform.Resilience;

namespace Rosa.Platform.Identity;

/// <summary>
/// Keeps this service's <see cref="DeletedUsers"/> as Users has them: asks, and Users answers when its list is another one, or after
/// some seconds. Asking again with the new version tells Users that this service knows.
/// </summary>
/// <remarks>
/// While Users is down nobody can be deleted, and the list held is complete. A service that has just started believes no token before it
/// has fetched the keys from Users, which it asks for this list in the same moment.
/// </remarks>
public sealed partial class FollowDeletedUsers(DeletedUsers deleted, ServiceDirectory directory, IServiceTokenSource tokens, ILogger<FollowDeletedUsers> logger) : BackgroundService
{
    /// <summary>How long Users may hold an answer back.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    static readonly TimeSpan tryAgainAfter = TimeSpan.FromSeconds(1);

    readonly HttpClient http = BalancingHandler.NewClient(directory, LongestWait + TimeSpan.FromSeconds(10));
    readonly Guid follower = Guid.CreateVersion7();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var answered = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var askedAt = Environment.TickCount64;
                var changed = await RunOnceAsync(stoppingToken);
                answered = true;

                // An answer that says nothing new comes late, unless Users is stopping.
                if (!changed && Environment.TickCount64 - askedAt < tryAgainAfter.TotalMilliseconds) await Task.Delay(tryAgainAfter, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (answered) Log.NoAnswer(logger, exception.Message);
                answered = false;
                await Task.Delay(tryAgainAfter, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Asks once, and holds what Users answers. False when it was nothing new.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://users{DeletedUsers.Route}?known={deleted.List.Version}&follower={follower}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tokens.GetAsync(cancellationToken));
        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return deleted.Replace((await response.Content.ReadFromJsonAsync<DeletedUserList>(cancellationToken))!.UserIds);
    }

    public override void Dispose()
    {
        http.Dispose();
        base.Dispose();
    }

    static partial class Log
    {
        [LoggerMessage(60, LogLevel.Information, "Users does not answer who was deleted; asked again every second: {Reason}")]
        public static partial void NoAnswer(ILogger logger, string reason);
    }
}
