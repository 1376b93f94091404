using Microsoft.Extensions.Options;
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
        var services = builder.Services;
        services.AddOptions<StorefrontOptions>().BindConfiguration("Storefront").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<StorefrontOptions>>().Value);
        services.AddScoped<ShopApi>();
        services.AddSingleton<Shelves>();
        services.AddSingleton<LiveStock>();
        services.AddSingleton<Sitemap>();
    }

    public static void MapStorefront(WebApplication app)
    {
        app.MapFront();
        var open = app.MapGroup("").For(Access.Anyone).ExcludeFromDescription();
        open.MapGet("/", ShowHome.Handle);
        open.MapGet("/c/{category}", ListProducts.Category);
        open.MapGet("/search", ListProducts.Search);
        open.MapGet("/suggestions", SuggestProducts.Handle);
        open.MapGet("/p/{productId:guid}/{slug?}", ShowProduct.Handle);
        open.MapGet("/live", Live.Handle);
        open.MapGet("/cart", ShowCart.Handle);
        open.MapPost("/cart/items", ChangeCart.Add);
        open.MapPost("/cart/items/{productId:guid}", ChangeCart.Change);
        open.MapGet("/login", SignIn.Show);
        open.MapPost("/login", SignIn.Handle);
        open.MapGet("/register", Register.Show);
        open.MapPost("/register", Register.Handle);
        open.MapPost("/logout", SignOut.Handle);
        open.MapGet("/reset", ResetPassword.Show);
        open.MapPost("/reset", ResetPassword.Ask);
        open.MapGet("/account/reset-password", ResetPassword.ShowLink);
        open.MapPost("/account/reset-password", ResetPassword.Confirm);
        open.MapGet("/account/verify-email", VerifyEmail.Show);
        open.MapPost("/account/verify-email", VerifyEmail.Confirm);
        open.MapGet("/terms", ShowLegal.Terms);
        open.MapGet("/privacy", ShowLegal.Privacy);
        open.MapGet("/imprint", ShowLegal.Imprint);
        open.MapGet("/robots.txt", Sitemap.Robots);
        open.MapGet("/sitemap.xml", Sitemap.Handle);

        var own = app.MapGroup("").For(Access.SignedIn).ExcludeFromDescription();
        own.MapPost("/p/{productId:guid}/rating", RateProduct.Handle);
        own.MapGet("/checkout", Checkout.Show);
        own.MapPost("/checkout", Checkout.Handle);
        own.MapGet("/orders", ShowOrders.List);
        own.MapGet("/orders/{orderId:guid}", ShowOrders.One);
        own.MapPost("/orders/{orderId:guid}/cancel", CancelOrder.Handle);
        own.MapGet("/orders/{orderId:guid}/invoice", ShowInvoice.Invoice);
        own.MapGet("/orders/{orderId:guid}/credit-note", ShowInvoice.CreditNote);
        own.MapGet("/account", ShowAccount.Handle);
        own.MapPost("/account/profile", ChangeAccount.Profile);
        own.MapPost("/account/password", ChangeAccount.Password);
        own.MapPost("/account/verification", ChangeAccount.AskVerification);
        own.MapGet("/account/export", ChangeAccount.Export);
        own.MapPost("/account/delete", ChangeAccount.Delete);
        own.MapGet("/account/notifications", ShowNotifications.Handle);
        own.MapPost("/account/notifications/{notificationId:guid}/read", ShowNotifications.Read);
    }
}
