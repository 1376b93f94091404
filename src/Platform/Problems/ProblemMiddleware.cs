using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Npgsql;
using Rosa.Platform.Grpc;

namespace Rosa.Platform.Problems;

/// <summary>
/// The one place where refusals, bad input, outages and bugs become RFC 9457 answers. No stack trace leaves it.
/// </summary>
public static partial class ProblemMiddleware
{
    public static void AddProblems(this IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context => Complete(context.HttpContext, context.ProblemDetails));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    /// <summary>Answers exceptions and empty error statuses (404, 405, 415 …) with problem details.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            try
            {
                if (IsOtherJson(context.Request.ContentType)) throw new ProblemException(notUtf8);
                await next(context);
            }
            catch (Exception exception) when (!context.Response.HasStarted)
            {
                await AnswerAsync(context, exception, app.Logger);
                return;
            }

            if (context.Response.StatusCode >= 400 && !context.Response.HasStarted && context.Response.ContentType is null
                && context.Response.ContentLength is null && !GrpcResponses.IsGrpcRequest(context))
            {
                await WriteAsync(context, new Microsoft.AspNetCore.Mvc.ProblemDetails { Status = context.Response.StatusCode });
            }
        });
    }

    /// <summary>JSON said to be in another encoding than its own, UTF-8 (RFC 8259 §8.1). The framework would fail where it does not know it.</summary>
    static bool IsOtherJson(string? contentType) =>
        contentType is { Length: > 16 } && contentType.Contains("charset", StringComparison.OrdinalIgnoreCase)
        && MediaTypeHeaderValue.TryParse(contentType, out var type) && type.Charset.HasValue && !type.Charset.Value.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)
        && (type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase));

    static readonly Problem notUtf8 = new(ProblemKind.UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "JSON is sent in UTF-8: leave the charset out.");

    static Task AnswerAsync(HttpContext context, Exception exception, ILogger logger)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = 499;
            return Task.CompletedTask;
        }

        var problem = FromException(exception);
        if (problem is null) Log.Unexpected(logger, context.Request.Method, context.Request.Path, exception);
        else if (problem.Kind == ProblemKind.Unavailable) Log.Outage(logger, context.Request.Method, context.Request.Path, exception.Message);

        if (problem?.RetryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString();
        return WriteAsync(context, problem?.ToDetails() ?? new Microsoft.AspNetCore.Mvc.ProblemDetails
        {
            Status = 500,
            Detail = "The request could not be completed. Nothing was half done; try again, and quote the traceId if it happens again.",
        });
    }

    /// <summary>The refusal that an exception stands for, or null for a bug.</summary>
    public static Problem? FromException(Exception exception) => exception switch
    {
        ProblemException refused => refused.Problem,
        BadHttpRequestException { StatusCode: 413 } => new Problem(ProblemKind.TooLarge, "TOO_LARGE", "The body is larger than this route takes."),
        BadHttpRequestException { StatusCode: 415 } => new Problem(ProblemKind.UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "Send the body as application/json."),
        BadHttpRequestException bad => new Problem(ProblemKind.Invalid, "BAD_REQUEST", Plain(bad)),
        GrpcException { Status: GrpcStatusCode.Unavailable or GrpcStatusCode.DeadlineExceeded } => Unavailable,
        Polly.CircuitBreaker.BrokenCircuitException => Unavailable,
        HttpRequestException => Unavailable,
        TimeoutException => Unavailable,
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } =>
            new Problem(ProblemKind.Invalid, "BAD_REQUEST", "The text holds a character that cannot be stored."),
        NpgsqlException { IsTransient: true } => Unavailable,
        NpgsqlException { InnerException: System.Net.Sockets.SocketException or IOException or TimeoutException } => Unavailable,
        PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "53300" } => Unavailable,
        _ => null,
    };

    static readonly Problem Unavailable =
        new(ProblemKind.Unavailable, "UNAVAILABLE", "Something that is needed for the answer is down. Try again shortly.", RetryAfterSeconds: 5);

    /// <summary>What was wrong with the request, without names of our own types.</summary>
    static string Plain(BadHttpRequestException exception) => exception.InnerException switch
    {
        System.Text.Json.JsonException { Path: { Length: > 1 } path } => $"The body does not fit: look at {path}.",
        System.Text.Json.JsonException => "The body is not readable JSON.",
        _ => exception.Message.StartsWith("Failed to bind parameter", StringComparison.Ordinal) ? "A parameter has the wrong form." :
             exception.Message.StartsWith("Required parameter", StringComparison.Ordinal) ? "Something required is missing: a body or a parameter." :
             "The request is not readable.",
    };

    /// <summary>Writes problem details as the answer.</summary>
    public static Task WriteAsync(HttpContext context, Microsoft.AspNetCore.Mvc.ProblemDetails details)
    {
        Complete(context, details);
        context.Response.StatusCode = details.Status ?? 500;
        // What is left of the body is not read: the caller must not send another request behind it.
        if (details.Status == 413 && HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.Headers.Connection = "close";
        if (details.Extensions.TryGetValue("retryAfterSeconds", out var seconds)) context.Response.Headers.RetryAfter = seconds?.ToString();
        if (context.Features.Get<IProblemPage>() is { } page) return page.WriteAsync(context, details);
        return context.Response.WriteAsJsonAsync(details, options: null, contentType: "application/problem+json");
    }

    static void Complete(HttpContext context, Microsoft.AspNetCore.Mvc.ProblemDetails details)
    {
        var status = details.Status ??= context.Response.StatusCode;
        var isValidation = details is HttpValidationProblemDetails;
        if (isValidation || details.Title is null or "Bad Request" or "Not Found") details.Title = ProblemTitles.For(status);
        details.Type ??= "about:blank";
        details.Extensions.TryAdd("code", isValidation ? "VALIDATION_FAILED" : ProblemTitles.CodeFor(status));
        details.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;
        if (details is HttpValidationProblemDetails validation)
        {
            var named = validation.Errors.ToDictionary(error => CamelCase(error.Key), error => error.Value);
            validation.Errors.Clear();
            foreach (var (field, messages) in named) validation.Errors[field] = messages;
        }
        if (details.Extensions.TryGetValue("retryAfterSeconds", out var seconds)) context.Response.Headers.RetryAfter = seconds?.ToString();
    }

    static string CamelCase(string path) =>
        string.Join('.', path.Split('.').Select(part => part.Length == 0 ? part : char.ToLowerInvariant(part[0]) + part[1..]));

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed unexpectedly")]
        public static partial void Unexpected(ILogger logger, string method, PathString path, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "{Method} {Path} answered 503: {Reason}")]
        public static partial void Outage(ILogger logger, string method, PathString path, string reason);
    }
}

/// <summary>Answers refusals where a person reads them: set as a feature of the request by a web front.</summary>
public interface IProblemPage
{
    Task WriteAsync(HttpContext context, Microsoft.AspNetCore.Mvc.ProblemDetails details);
}

/// <summary>A refusal found where a value cannot be returned. Prefer returning the <see cref="Problem"/>.</summary>
public sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
