using Microsoft.Extensions.Primitives;

namespace Rosa.Gateway;

/// <summary><c>/docs</c>: the API's description as a page to try it on. Its files come from this process.</summary>
static class DocsPage
{
    /// <summary>The page sets its styles through the DOM and draws its icons from data addresses; its scripts are files.</summary>
    static readonly StringValues policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseDocsPage(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments("/docs")) context.Response.Headers.ContentSecurityPolicy = policy;
            return next(context);
        });
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "Rosa API";
            page.SwaggerEndpoint("/openapi/v1.json", "Rosa");
            page.ConfigObject.PersistAuthorization = false;
            page.ConfigObject.DocExpansion = Swashbuckle.AspNetCore.SwaggerUI.DocExpansion.None;
            page.ConfigObject.DisplayRequestDuration = true;
        });
    }
}
