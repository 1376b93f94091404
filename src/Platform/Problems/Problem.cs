using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Rosa.Platform.Problems;

/// <summary>What kind of refusal a <see cref="Problem"/> is; each has one HTTP status and one gRPC status.</summary>
public enum ProblemKind
{
    /// <summary>400: unreadable or invalid.</summary>
    Invalid = 400,
    /// <summary>401: no token, or a bad one.</summary>
    Unauthenticated = 401,
    /// <summary>403: not the caller's.</summary>
    Forbidden = 403,
    /// <summary>404: unknown, or not the caller's to know.</summary>
    NotFound = 404,
    /// <summary>409: against the present state.</summary>
    Conflict = 409,
    /// <summary>412: it has changed since the caller read it.</summary>
    Changed = 412,
    /// <summary>413: more than is taken.</summary>
    TooLarge = 413,
    /// <summary>415: a media type that is not taken.</summary>
    UnsupportedMediaType = 415,
    /// <summary>422: understood, and refused by a rule of the business.</summary>
    Refused = 422,
    /// <summary>429: too often.</summary>
    TooMany = 429,
    /// <summary>503: something needed for the answer is down.</summary>
    Unavailable = 503,
    /// <summary>504: something needed for the answer took too long.</summary>
    TooSlow = 504,
}

/// <summary>
/// An expected refusal, as a value. <see cref="ToResult"/> is the one place that turns it into problem details (RFC 9457).
/// </summary>
/// <param name="Code">Stable upper-case word that clients branch on: <c>INSUFFICIENT_STOCK</c>.</param>
/// <param name="Detail">A sentence for a person: what is wrong and what to do.</param>
/// <param name="RetryAfterSeconds">With <see cref="ProblemKind.TooMany"/> and <see cref="ProblemKind.Unavailable"/>: when to come again.</param>
public sealed record Problem(ProblemKind Kind, string Code, string Detail, int? RetryAfterSeconds = null)
{
    /// <summary>Members besides the standard ones, such as <c>items</c> of <c>INSUFFICIENT_STOCK</c>; null for none.</summary>
    public IReadOnlyDictionary<string, object?>? Extensions { get; init; }

    /// <summary>Messages by field; with validation only.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    public ProblemHttpResult ToResult() => TypedResults.Problem(ToDetails());

    /// <summary>The RFC 9457 body. <c>traceId</c> and <c>type</c> are added where it is written.</summary>
    public Microsoft.AspNetCore.Mvc.ProblemDetails ToDetails()
    {
        var details = new Microsoft.AspNetCore.Mvc.ProblemDetails { Status = (int)Kind, Title = ProblemTitles.For((int)Kind), Detail = Detail };
        details.Extensions["code"] = Code;
        if (RetryAfterSeconds is { } seconds) details.Extensions["retryAfterSeconds"] = seconds;
        if (Errors is not null) details.Extensions["errors"] = Errors;
        foreach (var (name, value) in Extensions ?? new Dictionary<string, object?>()) details.Extensions[name] = value;
        return details;
    }

    public static Problem Validation(string field, string message) =>
        new(ProblemKind.Invalid, "VALIDATION_FAILED", message) { Errors = new Dictionary<string, string[]> { [field] = [message] } };

    public static Problem NotFound(string what) => new(ProblemKind.NotFound, "NOT_FOUND", $"There is no such {what}.");
}

/// <summary>Titles and codes for refusals that have no more specific one.</summary>
public static class ProblemTitles
{
    public static string For(int status) => status switch
    {
        400 => "The request is not valid",
        401 => "Sign in first",
        403 => "Not allowed",
        404 => "Not found",
        405 => "Method not allowed",
        409 => "Against the present state",
        412 => "Changed meanwhile",
        413 => "Too large",
        415 => "Unsupported media type",
        422 => "Refused",
        429 => "Too many requests",
        503 => "Not available right now",
        504 => "Took too long",
        _ => status >= 500 ? "Something went wrong on our side" : "The request failed",
    };

    public static string CodeFor(int status) => status switch
    {
        400 => "BAD_REQUEST",
        401 => "UNAUTHENTICATED",
        403 => "FORBIDDEN",
        404 => "NOT_FOUND",
        405 => "METHOD_NOT_ALLOWED",
        408 => "REQUEST_TIMEOUT",
        413 => "TOO_LARGE",
        415 => "UNSUPPORTED_MEDIA_TYPE",
        426 => "UPGRADE_REQUIRED",
        429 => "RATE_LIMITED",
        502 => "BAD_GATEWAY",
        503 => "UNAVAILABLE",
        504 => "TIMEOUT",
        _ => status >= 500 ? "INTERNAL" : "REQUEST_FAILED",
    };
}
