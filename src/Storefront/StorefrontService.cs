using Rosa.Platform.Identity;
using Rosa.Web;

namespace Rosa.Storefront;

/// <summary>The customers' web application: reads and buys, through the gateway like any client.</summary>
public static class StorefrontService
{
    public static IReadOnlyList<string> Calls => ["users", "gateway"];

    public static void AddStorefront(WebApplicationBuilder builder)
    {
        builder.AddFront(new Front(typeof(StorefrontService).Assembly));
        builder.Services.AddScoped<ShopApi>();
    }

    public static void MapStorefront(WebApplication app)
    {
        app.MapFront();
        var pages = app.MapGroup("").For(Access.Anyone).ExcludeFromDescription();
        pages.MapGet("/", ShowHome.Handle);
    }
}
