using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;
using Rosa.Platform.Problems;
using Rosa.Platform.Redis;

namespace Rosa.Gateway;

/// <summary>
/// Answers of the catalog that are the same for everybody. One is used for at most 0.9 s from the moment it was asked for, so that a
/// change is seen by all within a second; pictures that never change are kept longer. Callers who ask for the same at once
/// share one request.
/// </summary>
/// <remarks>
/// A write through this gateway forgets everything at once, and tells the other gateways before its own caller is answered. Answers are kept by path, sorted query and language, up to a bound
/// of memory; what was not used for longest goes first.
/// </remarks>
sealed class ResponseCache
{
    const string Changed = "rosa:catalog-changed";
    const int LongestTarget = 512;
    const int LargestAnswer = 4 * 1024 * 1024;
    static readonly TimeSpan freshFor = TimeSpan.FromMilliseconds(900);
    static readonly TimeSpan picturesFreshFor = TimeSpan.FromHours(1);
    static readonly TimeSpan bodyWithin = TimeSpan.FromSeconds(30);
    static readonly TimeSpan sweptEvery = TimeSpan.FromSeconds(5);

    readonly record struct Key(string Target, string Language);

    /// <summary>A request under way, and the callers that wait for it.</summary>
    sealed record Flight(long SentAt, Lazy<Task<KeptAnswer?>> Answer);

    readonly ConcurrentDictionary<Key, KeptAnswer> kept = new();
    readonly ConcurrentDictionary<Key, Flight> flights = new();
    readonly Upstream upstream;
    readonly TimeProvider clock;
    readonly RedisConnection? redis;
    readonly long limit;
    readonly Lock sweeping = new();
    long bytes;
    long changedAt = long.MinValue;
    long sweptAt;

    public ResponseCache(Upstream upstream, GatewayOptions options, TimeProvider clock, RedisConnection? redis = null)
    {
        (this.upstream, this.clock, this.redis) = (upstream, clock, redis);
        limit = options.CacheMegabytes * 1024L * 1024;
        sweptAt = clock.GetTimestamp();
        redis?.Hear(Changed, _ => Forget());
    }

    /// <summary>The kept answer to this request, or null.</summary>
    public KeptAnswer? Find(HttpRequest request)
    {
        if (!IsRead(request)) return null;
        if (KeyOf(request) is not { } key || !kept.TryGetValue(key, out var answer) || !IsFresh(answer)) return null;
        answer.UsedAt = Environment.TickCount64;
        return answer;
    }

    /// <summary>Answers a request that found nothing kept: asks the service, or waits for who does already.</summary>
    public async Task AnswerAsync(HttpContext context, Route route)
    {
        var exchange = Exchange.Of(context);
        exchange.Service = route.Service;
        exchange.Cache = "miss";
        var forwarder = context.RequestServices.GetRequiredService<Forwarder>();
        if (!IsRead(context.Request) || KeyOf(context.Request) is not { } key)
        {
            await forwarder.ForwardAsync(context, route);
            return;
        }

        var answer = await ShareAsync(key, context, exchange, route).WaitAsync(context.RequestAborted);
        if (answer is null)
        {
            await forwarder.ForwardAsync(context, route);   // too large to keep
            return;
        }
        await answer.WriteAsync(context, fromCache: false);
        exchange.Bytes = context.Response.ContentLength ?? 0;
    }

    static bool IsRead(HttpRequest request) => (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && request.Headers.Range.Count == 0;

    /// <summary>Something of the catalog has changed through this gateway. Others that are not reached see it within a second.</summary>
    public async Task ForgetAsync()
    {
        Forget();
        if (redis is not null) await redis.TellAsync(Changed, "");
    }

    void Forget() => Volatile.Write(ref changedAt, clock.GetTimestamp());

    internal long Bytes => Interlocked.Read(ref bytes);

    bool IsFresh(KeptAnswer answer) => clock.GetElapsedTime(answer.AskedAt) < answer.FreshFor && answer.AskedAt > Volatile.Read(ref changedAt);

    /// <summary>Null for targets that are not kept. A query in another order is the same question.</summary>
    static Key? KeyOf(HttpRequest request)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (target.Length > LongestTarget || !target.StartsWith("/api/", StringComparison.Ordinal)) return null;
        return new Key(SortedQuery.Of(target), Languages.Of(request.Headers.AcceptLanguage));
    }

    Task<KeptAnswer?> ShareAsync(Key key, HttpContext context, Exchange exchange, Route route)
    {
        while (true)
        {
            if (flights.TryGetValue(key, out var flight))
            {
                // Who asked too long ago may bring an answer that is older than a second.
                if (clock.GetElapsedTime(flight.SentAt) < freshFor && flight.SentAt > Volatile.Read(ref changedAt)) return flight.Answer.Value;
                flights.TryRemove(new(key, flight));
            }
            // A flight that landed since this caller looked has left its answer.
            else if (kept.TryGetValue(key, out var landed) && IsFresh(landed)) return Task.FromResult<KeptAnswer?>(landed);

            Flight mine = null!;
            var path = Forwarder.Target(context);
            var request = Request(context, exchange, key.Language);
            var endpoint = context.GetEndpoint()!;
            mine = new Flight(clock.GetTimestamp(), new(() => AskAsync(key, mine, path, request, route, endpoint)));
            if (flights.TryAdd(key, mine)) return mine.Answer.Value;
        }
    }

    /// <summary>As a guest would ask, and uncompressed: the answer goes to all, to each in the encoding that they take.</summary>
    Func<Uri, HttpRequestMessage> Request(HttpContext context, Exchange exchange, string language)
    {
        var host = context.Request.Host.Value;
        var visitor = exchange.Visitor;
        return address =>
        {
            var message = new HttpRequestMessage(HttpMethod.Get, address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            if (language.Length > 0) message.Headers.TryAddWithoutValidation("Accept-Language", language);
            Forwarder.Introduce(message, visitor, host);
            return message;
        };
    }

    /// <summary>Goes on when the caller who began it leaves: others wait for it.</summary>
    async Task<KeptAnswer?> AskAsync(Key key, Flight flight, string path, Func<Uri, HttpRequestMessage> request, Route route, Endpoint endpoint)
    {
        try
        {
            using var response = await upstream.SendAsync(route.Service, path, request, CancellationToken.None);
            if (await ReadAsync(response, route.Service) is not { } body) return null;
            var answer = new KeptAnswer(response, body, route.Service, endpoint, flight.SentAt, FreshFor(response));
            if (IsWorthKeeping(response) && IsFresh(answer)) Keep(key, answer);
            return answer;
        }
        finally
        {
            flights.TryRemove(new(key, flight));
        }
    }

    static bool IsWorthKeeping(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound && !response.Headers.Contains("Set-Cookie")
        && response.Headers.CacheControl is null or { NoStore: false, Private: false };

    static TimeSpan FreshFor(HttpResponseMessage response) =>
        response is { StatusCode: HttpStatusCode.OK, Headers.CacheControl: { MaxAge: { } maxAge } control } && control.Extensions.Contains(immutable)
            ? TimeSpan.FromTicks(Math.Min(maxAge.Ticks, picturesFreshFor.Ticks)) : freshFor;

    static readonly NameValueHeaderValue immutable = new("immutable");

    /// <summary>The whole body, or null when it is larger than what is kept.</summary>
    static async Task<byte[]?> ReadAsync(HttpResponseMessage response, string service)
    {
        if (response.Content.Headers.ContentLength > LargestAnswer) return null;
        using var limit = new CancellationTokenSource(bodyWithin);
        try
        {
            return response.Content.Headers.ContentLength is null
                ? await ReadUnknownLengthAsync(response, limit.Token)
                : await response.Content.ReadAsByteArrayAsync(limit.Token);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            throw new ProblemException(Upstream.Down(service));
        }
    }

    static async Task<byte[]?> ReadUnknownLengthAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (body.Length + read > LargestAnswer) return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    void Keep(Key key, KeptAnswer answer)
    {
        kept.AddOrUpdate(
            key,
            _ =>
            {
                Interlocked.Add(ref bytes, answer.Size);
                return answer;
            },
            (_, before) =>
            {
                Interlocked.Add(ref bytes, answer.Size - before.Size);
                return answer;
            });
        if (Interlocked.Read(ref bytes) > limit || clock.GetElapsedTime(Volatile.Read(ref sweptAt)) > sweptEvery) Sweep();
    }

    /// <summary>Removes what is no longer fresh; then, if it still is too much, what was not used for longest.</summary>
    void Sweep()
    {
        lock (sweeping)
        {
            Volatile.Write(ref sweptAt, clock.GetTimestamp());
            foreach (var entry in kept)
            {
                if (!IsFresh(entry.Value)) Remove(entry);
            }
            if (Interlocked.Read(ref bytes) <= limit) return;
            foreach (var entry in kept.ToArray().OrderBy(entry => entry.Value.UsedAt))
            {
                if (Interlocked.Read(ref bytes) <= limit * 3 / 4) return;
                Remove(entry);
            }
        }
    }

    void Remove(KeyValuePair<Key, KeptAnswer> entry)
    {
        if (kept.TryRemove(entry)) Interlocked.Add(ref bytes, -entry.Value.Size);
    }
}
