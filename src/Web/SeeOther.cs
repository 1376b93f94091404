using Microsoft.AspNetCore.Http;

namespace Rosa.Web;

/// <summary>303: the answer to a form that was done is another page (RFC 9110 §15.4.4), so that loading it anew does nothing twice.</summary>
public sealed record SeeOther(string Path) : IResult
{
    public Task ExecuteAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = Path;
        return Task.CompletedTask;
    }

    /// <summary>To a path that somebody sent, if it is one of ours; else home.</summary>
    public static SeeOther Own(string? path) => new(IsOwn(path) ? path! : "/");

    /// <summary>Ours begin with one slash, and not with what browsers take for the start of another host.</summary>
    public static bool IsOwn(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal) && path.All(c => c is > ' ' and < '\u007f');
}

/// <summary>A refusal as the page of its status.</summary>
public static class ProblemResults
{
    public static IResult ToResultPage(this Rosa.Platform.Problems.Problem problem) => new ProblemResult(problem);

    sealed record ProblemResult(Rosa.Platform.Problems.Problem Problem) : IResult
    {
        public Task ExecuteAsync(HttpContext context) => Rosa.Platform.Problems.ProblemMiddleware.WriteAsync(context, Problem.ToDetails());
    }
}
