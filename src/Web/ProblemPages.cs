using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Rosa.Platform.Problems;
using Rosa.Web.Components;

namespace Rosa.Web;

/// <summary>Refusals as pages of the shop; a guest who asks for what needs a login is led there, and back afterwards.</summary>
sealed class ProblemPages(Front front) : IProblemPage
{
    public async Task WriteAsync(HttpContext context, ProblemDetails details)
    {
        var status = details.Status ?? 500;
        var isPage = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        context.Response.Headers.WWWAuthenticate = default;
        if (status == StatusCodes.Status401Unauthorized && isPage)
        {
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = $"{front.LoginPath}?next={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}";
            return;
        }
        var page = new RazorComponentResult<ProblemPage>(new { Status = status, Code = details.Extensions["code"]?.ToString(), TraceId = details.Extensions["traceId"]?.ToString() })
        {
            StatusCode = status,
        };
        await page.ExecuteAsync(context);
    }
}
