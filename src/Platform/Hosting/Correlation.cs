using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Rosa.Platform.Hosting;

/// <summary>
/// The id that ties everything done for one request together: taken from <c>X-Correlation-Id</c> when it is sane, else made;
/// returned, logged, and carried over gRPC and the bus.
/// </summary>
public static class Correlation
{
    public const string Header = "X-Correlation-Id";
    const int LongestId = 64;

    static readonly AsyncLocal<string?> current = new();

    /// <summary>The id of what is being done now; null outside of a request or message.</summary>
    public static string? Current
    {
        get => current.Value;
        set => current.Value = value;
    }

    public static void UseCorrelation(this WebApplication app) => app.Use((context, next) =>
    {
        var id = Take(context.Request.Headers[Header]) ?? Guid.CreateVersion7().ToString();
        Current = id;
        context.Response.Headers[Header] = id;
        return next(context);
    });

    /// <summary>The caller's id when it is short and harmless in a log line, else null.</summary>
    public static string? Take(string? sent) =>
        sent is { Length: > 0 and <= LongestId } && sent.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':') ? sent : null;
}
