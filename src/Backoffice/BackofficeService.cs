using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;
using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary>The employees' web application: reads and changes the shop through the gateway, with the employee's own token.</summary>
public static class BackofficeService
{
    /// <summary>A picture or a file of products, with the form around it.</summary>
    const long LargestUpload = 12_000_000;

    static readonly Problem onlyEmployees = new(ProblemKind.Forbidden, "EMPLOYEES_ONLY", "The back office is for those who work here.");

    public static IReadOnlyList<string> Calls => ["users", "gateway"];

    public static void AddBackoffice(WebApplicationBuilder builder)
    {
        builder.AddFront(new Front(typeof(BackofficeService).Assembly, LoginPath: "/office/login", LargestUpload));
        builder.Services.AddScoped<OfficeApi>();
    }

    public static void MapBackoffice(WebApplication app)
    {
        app.Use(KeepCustomersOut);
        app.MapFront();

        var open = app.MapGroup("").For(Access.Anyone).ExcludeFromDescription();
        open.MapGet("/", () => new SeeOther("/office"));
        open.MapGet("/office/login", SignIn.Show);
        open.MapPost("/office/login", SignIn.Handle);

        var pages = app.MapGroup("/office").For(Access.Employee).ExcludeFromDescription();
        pages.MapPost("/logout", SignOut.Handle);
        pages.MapGet("", ShowDashboard.Handle);
        MapOrders(pages);
        MapProducts(pages);
        MapCustomers(pages);
        MapMessages(pages);
        MapControl(pages);

        var admins = app.MapGroup("/office").For(Access.Admin).ExcludeFromDescription();
        admins.MapGet("/people", ListStaff.Handle);
        admins.MapPost("/customers/{userId:guid}/role", ChangeRole.Handle);
        admins.MapPost("/customers/{userId:guid}/delete", DeleteCustomer.Handle);
    }

    static void MapOrders(RouteGroupBuilder pages)
    {
        pages.MapGet("/orders", ShowBoard.Handle);
        pages.MapGet("/orders/list", ListOrders.Handle);
        pages.MapGet("/orders/{orderId:guid}", ShowOrder.Handle);
        pages.MapGet("/orders/{orderId:guid}/invoice", ShowInvoice.Invoice);
        pages.MapGet("/orders/{orderId:guid}/credit-note", ShowInvoice.CreditNote);
        pages.MapPost("/orders/{orderId:guid}/process", MoveOrder.Process);
        pages.MapPost("/orders/{orderId:guid}/ship", MoveOrder.Ship);
        pages.MapPost("/orders/{orderId:guid}/deliver", MoveOrder.Deliver);
        pages.MapPost("/orders/{orderId:guid}/cancel", MoveOrder.Cancel);
    }

    static void MapProducts(RouteGroupBuilder pages)
    {
        pages.MapGet("/products", ListProducts.Handle);
        pages.MapGet("/products/low-stock", ListLowStock.Handle);
        pages.MapGet("/products/new", CreateProduct.Show);
        pages.MapPost("/products/new", CreateProduct.Handle);
        pages.MapPost("/products/bulk", ChangeManyProducts.Show);
        pages.MapPost("/products/bulk/apply", ChangeManyProducts.Handle);
        pages.MapGet("/products/import", ImportProducts.Show);
        pages.MapPost("/products/import", ImportProducts.Handle);
        pages.MapGet("/products/export", ExportProducts.Handle);
        pages.MapGet("/products/{productId:guid}", ChangeProduct.Show);
        pages.MapPost("/products/{productId:guid}", ChangeProduct.Handle);
        pages.MapPost("/products/{productId:guid}/withdraw", WithdrawProduct.Handle);
        pages.MapPost("/products/{productId:guid}/images", ChangeImages.Add);
        pages.MapPost("/products/{productId:guid}/images/{imageId:guid}/first", ChangeImages.First);
        pages.MapPost("/products/{productId:guid}/images/{imageId:guid}/remove", ChangeImages.Remove);
        pages.MapGet("/products/{productId:guid}/stock", ChangeStock.Show);
        pages.MapPost("/products/{productId:guid}/stock", ChangeStock.Handle);
        pages.MapPost("/products/{productId:guid}/threshold", ChangeStock.Threshold);
        pages.MapGet("/categories", ListCategories.Handle);
        pages.MapPost("/categories", ChangeCategory.Create);
        pages.MapGet("/categories/{slug}", ChangeCategory.Show);
        pages.MapPost("/categories/{slug}", ChangeCategory.Handle);
        pages.MapPost("/categories/{slug}/remove", ChangeCategory.Remove);
        pages.MapGet("/reviews", ListReviews.Handle);
        pages.MapPost("/reviews/remove", ListReviews.Remove);
        pages.MapGet("/promotions", ListPromotions.Handle);
        pages.MapGet("/promotions/new", ChangePromotion.ShowNew);
        pages.MapPost("/promotions/new", ChangePromotion.Create);
        pages.MapGet("/promotions/{code}", ChangePromotion.Show);
        pages.MapPost("/promotions/{code}", ChangePromotion.Handle);
        pages.MapPost("/promotions/{code}/withdraw", ChangePromotion.Withdraw);
    }

    static void MapCustomers(RouteGroupBuilder pages)
    {
        pages.MapGet("/customers", ListCustomers.Handle);
        pages.MapGet("/customers/{userId:guid}", ShowCustomer.Handle);
    }

    static void MapMessages(RouteGroupBuilder pages)
    {
        pages.MapGet("/messages", ListMessages.Handle);
        pages.MapPost("/messages/{notificationId:guid}/send-again", ListMessages.SendAgain);
        pages.MapGet("/templates", ListTemplates.Handle);
        pages.MapGet("/templates/{event}/{channel}/{language}", ChangeTemplate.Show);
        pages.MapPost("/templates/{event}/{channel}/{language}", ChangeTemplate.Handle);
        pages.MapPost("/templates/{event}/{channel}/{language}/reset", ChangeTemplate.Reset);
    }

    static void MapControl(RouteGroupBuilder pages)
    {
        pages.MapGet("/reconciliation", Reconcile.Show);
        pages.MapPost("/reconciliation", Reconcile.Handle);
        pages.MapGet("/audit", ListAudit.Handle);
        pages.MapGet("/system", ShowSystem.Handle);
        pages.MapPost("/system/{service}/dead-letters/{eventId:guid}/retry", ShowSystem.Retry);
    }

    /// <summary>Whoever is known and does not work here sees nothing, not even the login; a session of somebody who left ends.</summary>
    static Task KeepCustomersOut(HttpContext context, RequestDelegate next)
    {
        if (context.Caller() is not { IsSignedIn: true, IsEmployee: false }) return next(context);
        var visit = context.RequestServices.GetRequiredService<Visit>();
        if (visit.Session.Login is not null) visit.SignOut();
        throw new ProblemException(onlyEmployees);
    }
}
