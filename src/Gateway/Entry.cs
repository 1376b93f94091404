using System.Diagnostics;
using Rosa.Platform.Problems;

namespace Rosa.Gateway;

/// <summary>
/// The first that a request meets: its headers of safety, the limit of its visitor, the answers kept from the catalog. What is
/// not answered here goes on to routing. On the way out it is logged.
/// </summary>
/// <remarks>The path of an answer from the cache allocates nothing and never waits: it is taken tens of thousands of times a second.</remarks>
sealed class Entry(Visitors visitors, RateLimit limit, ResponseCache cache, RequestLog log)
{
    public Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var startedAt = Stopwatch.GetTimestamp();
        var finding = visitors.FindAsync(context);
        return finding.IsCompletedSuccessfully
            ? AnswerAsync(context, next, finding.Result, startedAt)
            : AnswerLaterAsync(context, next, finding, startedAt);
    }

    async Task AnswerLaterAsync(HttpContext context, RequestDelegate next, ValueTask<Visitor> finding, long startedAt) =>
        await AnswerAsync(context, next, await finding, startedAt);

    Task AnswerAsync(HttpContext context, RequestDelegate next, Visitor visitor, long startedAt)
    {
        SecurityHeaders.Add(context.Response.Headers, visitor.OverTls);
        if (visitor.IsFront || IsHealth(context.Request.Path)) return AnswerAsync(context, next, visitor, startedAt, wait: null);
        var taking = limit.TakeAsync(visitor.Address);
        return taking.IsCompletedSuccessfully
            ? AnswerAsync(context, next, visitor, startedAt, taking.Result)
            : AnswerLaterAsync(context, next, visitor, startedAt, taking);
    }

    async Task AnswerLaterAsync(HttpContext context, RequestDelegate next, Visitor visitor, long startedAt, ValueTask<TimeSpan?> taking) =>
        await AnswerAsync(context, next, visitor, startedAt, await taking);

    Task AnswerAsync(HttpContext context, RequestDelegate next, Visitor visitor, long startedAt, TimeSpan? wait)
    {
        if (wait is { } refusedFor) return RefuseAsync(context, new Exchange(visitor), refusedFor, startedAt);
        if (cache.Find(context.Request) is { } kept)
        {
            var writing = kept.WriteAsync(context, fromCache: true);
            if (!writing.IsCompletedSuccessfully) return KeptAsync(writing, context, kept, visitor, startedAt);
            log.Write(context, visitor.Address, kept.Service, "hit", context.Response.ContentLength ?? 0, startedAt);
            return Task.CompletedTask;
        }

        var exchange = new Exchange(visitor);
        context.Features.Set(exchange);
        return PassOnAsync(context, next, exchange, startedAt);
    }

    async Task KeptAsync(Task writing, HttpContext context, KeptAnswer kept, Visitor visitor, long startedAt)
    {
        await writing;
        log.Write(context, visitor.Address, kept.Service, "hit", context.Response.ContentLength ?? 0, startedAt);
    }

    async Task PassOnAsync(HttpContext context, RequestDelegate next, Exchange exchange, long startedAt)
    {
        try
        {
            await next(context);
        }
        finally
        {
            log.Write(context, exchange, startedAt);
        }
    }

    async Task RefuseAsync(HttpContext context, Exchange exchange, TimeSpan wait, long startedAt)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        var problem = new Problem(ProblemKind.TooMany, "RATE_LIMITED", $"Too many requests from this address. Try again in {seconds} s.", seconds);
        await ProblemMiddleware.WriteAsync(context, problem.ToDetails());
        log.Write(context, exchange, startedAt);
    }

    static bool IsHealth(PathString path) => path.Value is { } text && text.StartsWith("/health", StringComparison.Ordinal) && (text.Length == 7 || text[7] == '/');
}
