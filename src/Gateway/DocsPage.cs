using Microsoft.Extensions.Primitives;

namespace Rosa.Gateway;

/// <summary><c>/docs</c>: the API's description as a page to try it on. Its files come from this process.</summary>
static class DocsPage
{
    /// <summary>
    /// Scripts and styles are files, icons are data addresses. The hash is of the one style inside the page's logo; a newer page may have
    /// another, and then shows its logo in black.
    /// </summary>
    static readonly StringValues policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

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
            page.ConfigObject.DocExpansion = Swashbuckle.AspNetCore.SwaggerUI.DocExpansion.List;
            page.ConfigObject.DisplayRequestDuration = true;
        });
    }
}
