using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Rosa.Contracts.Catalog;
using Rosa.Contracts.Orders;
using Rosa.Contracts.Users;
using Rosa.Platform.Audit;
using Rosa.Platform.Grpc;
using Rosa.Platform.Identity;
using Rosa.Platform.Messaging;
using Rosa.Platform.OpenApi;
using Rosa.Platform.Timeline;

namespace Rosa.Catalog;

/// <summary>What the catalog is made of: products, prices, stock and reservations.</summary>
public static class CatalogService
{
    public static void AddCatalog(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidation();
        services.AddOptions<CatalogOptions>().BindConfiguration("Catalog").ValidateDataAnnotations()
            .Validate(options => Validator.TryValidateObject(options.Images, new(options.Images), null, validateAllProperties: true), "Catalog:Images: the folder is named, LargestBytes is 1,000 to 100,000,000, MostPerProduct 1 to 100.")
            .ValidateOnStart();
        services.AddSingleton<GetProduct>();
        services.AddSingleton<Discounts>();
        services.AddSingleton<StockReader>();
        services.AddSingleton<StockFeed>();
        services.AddSingleton<Reservations>();
        services.AddSingleton<ReservationExpiry>();
        services.AddSingleton<DiscountRefresh>();
        services.AddSingleton<CountSummary>();
        if (builder.Configuration["Catalog:Images:S3:Bucket"] is { Length: > 0 }) services.AddSingleton<IImageStore, ImageBucket>();
        else services.AddSingleton<IImageStore, ImageFolder>();
        services.AddSingleton<UnusedImages>();
        services.AddSingleton<ProductImport>();
        services.AddSingleton<ImportProducts>();
        services.AddHostedService(provider => provider.GetRequiredService<DiscountRefresh>());
        services.AddHostedService(provider => provider.GetRequiredService<StockFeed>());
        if (IsReadOnly(builder.Configuration)) return;

        services.AddHostedService(provider => provider.GetRequiredService<ReservationExpiry>());
        services.AddHostedService(provider => provider.GetRequiredService<CountSummary>());
        services.AddHostedService(provider => provider.GetRequiredService<UnusedImages>());

        services.AddEventHandler<OrderCreated, RememberPurchaseWhenOrderCreated>();
        services.AddEventHandler<OrderCancelled, ForgetPurchaseWhenOrderCancelled>();
        services.AddEventHandler<UserDeleted, ForgetBuyerWhenUserDeleted>();
    }

    static bool IsReadOnly(IConfiguration configuration) => configuration.GetValue("Catalog:ReadOnly", false);

    public static void MapCatalog(WebApplication app)
    {
        MapReads(app);
        MapGrpcReads(app);
        if (IsReadOnly(app.Configuration)) return;

        MapProducts(app);
        MapImages(app);
        MapCategories(app);
        MapCustomers(app);
        MapReservations(app);
        app.MapPost(PersonalData.Route, GetPersonalData.Handle).For(Access.Service).ExcludeFromDescription();
        app.MapOrderTimeline(
            """
            select changed_at as at, 'stock' as kind, 'The reservation is ' || (array['held', 'committed', 'released', 'expired'])[state] || '.' as what, null as trace_id
            from reservations where order_id = $1
            union all
            select m.at, 'stock', m.change || ' of ' || coalesce(p.title, m.product_id::text) || ': ' || m.reason, null
            from reservation_lines l join stock_movements m on m.product_id = l.product_id and m.order_id = l.order_id left join products p on p.product_id = m.product_id
            where l.order_id = $1
            """);
        app.MapPost("/internal/reconciliation", ReconcileStock.Handle).For(Access.Service).ExcludeFromDescription();
    }

    static void MapReads(WebApplication app)
    {
        var reads = app.MapGroup("/api").For(Access.Anyone).WithTags("Catalog");
        reads.MapGet("/products", ListProducts.Handle).WithName("ListProducts")
            .WithSummary("A page of the shop, of a category with what lies below it, or of a search").Produces<ProductPage>().ProducesProblem(400).WithExample(answer: CatalogExamples.Page);
        reads.MapGet("/products/{productId:guid}", GetProduct.Handle).WithName("GetProduct")
            .WithSummary("One product with its pictures, stock and latest ratings").Produces<ProductDetail>().ProducesProblem(404).WithExample(answer: CatalogExamples.Detail);
        reads.MapGet("/categories", ListCategories.Handle).WithName("ListCategories")
            .WithSummary("The categories as a tree, with how many products each holds").Produces<CategoryTree>();
        reads.MapGet("/categories/{slug:maxlength(100)}", GetCategory.Handle).WithName("GetCategory")
            .WithSummary("One category with its names in every language").ProducesProblem(404);
        reads.MapPost("/products/check-stock", CheckStock.Handle).NotAudited().WithName("CheckStock")
            .WithSummary("May all of this be bought now?").ProducesProblem(400);
        reads.MapGet("/images/{imageId:guid}", GetImage.Handle).WithName("GetImage").WithSummary("A stored picture").Produces<Stream>(200, "image/webp", "image/jpeg", "image/png", "image/gif").ProducesProblem(404);
    }

    static void MapProducts(WebApplication app)
    {
        var largestImport = app.Services.GetRequiredService<IOptions<CatalogOptions>>().Value.LargestImport;
        var employees = app.MapGroup("/api/products").For(Access.Employee).WithTags("Catalog")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403);
        employees.MapPost("/", CreateProduct.Handle).WithName("CreateProduct")
            .WithSummary("Put a product on sale").Produces<ProductDetail>(201).ProducesProblem(409);
        employees.MapPost("/import", ImportProducts.Handle).WithName("ImportProducts").WithMetadata(new RequestSizeLimitAttribute(largestImport))
            .WithSummary("Create and change products by a CSV file; the answer tells what became of each line, as it is carried out")
            .Accepts<string>("text/csv", "multipart/form-data").Produces<ImportReport>().ProducesProblem(409).ProducesProblem(413).ProducesProblem(415);
        employees.MapGet("/export", ExportProducts.Handle).WithName("ExportProducts")
            .WithSummary("Every product for sale as a CSV file, which can be imported again").Produces<string>(200, "text/csv");
        employees.MapPut("/{productId:guid}", ChangeProduct.Handle).WithName("ChangeProduct")
            .WithSummary("Change what is said of a product; If-Match refuses when it has changed meanwhile").Produces<ProductDetail>().ProducesProblem(404).ProducesProblem(409).ProducesProblem(412);
        employees.MapDelete("/{productId:guid}", WithdrawProduct.Handle).WithName("WithdrawProduct")
            .WithSummary("Take a product from sale").ProducesProblem(404).ProducesProblem(412);
        employees.MapPatch("/{productId:guid}/inventory", ChangeInventory.Handle).WithName("ChangeInventory")
            .WithSummary("Enter goods that arrived, broke or were counted").ProducesProblem(404).ProducesProblem(422);
        employees.MapPut("/{productId:guid}/inventory/threshold", SetLowStock.Handle).WithName("SetLowStock")
            .WithSummary("Say from how few units on a product runs low").ProducesProblem(404);
        employees.MapGet("/{productId:guid}/sheet", GetProductSheet.Handle).WithName("GetProductSheet")
            .WithSummary("A product as employees write it: all languages, stock, threshold; its ETag goes into If-Match").Produces<ProductSheet>().ProducesProblem(404);
        employees.MapGet("/low-stock", ListLowStock.Handle).WithName("ListLowStock")
            .WithSummary("Products for sale that run low, the emptiest shelf first");
        employees.MapGet("/ratings", ListRatings.Handle).WithName("ListRatings")
            .WithSummary("What customers said of the products, the latest first");
        employees.MapDelete("/{productId:guid}/ratings/{userId:guid}", RemoveRating.Handle).WithName("RemoveRating")
            .WithSummary("Take down a rating; its stars no longer count").ProducesProblem(404);
        employees.MapGet("/{productId:guid}/inventory/history", InventoryHistory.Handle).WithName("InventoryHistory")
            .WithSummary("Every change of a product's stock, the latest first").ProducesProblem(404);
    }

    static void MapImages(WebApplication app)
    {
        var largest = app.Services.GetRequiredService<IOptions<CatalogOptions>>().Value.Images.LargestBytes;
        var employees = app.MapGroup("/api/products/{productId:guid}/images").For(Access.Employee).WithTags("Catalog")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        employees.MapPost("/", AddImage.Handle).WithName("AddImage").WithMetadata(new RequestSizeLimitAttribute(largest + AddImage.FormBytes))
            .WithSummary("Upload a picture: JPEG, PNG, WebP or GIF, in the form's field “file”").Accepts<IFormFile>("multipart/form-data")
            .ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
        employees.MapPut("/", OrderImages.Handle).WithName("OrderImages")
            .WithSummary("Say in which order a product's pictures are shown; the first is on its card").ProducesProblem(409);
        employees.MapDelete("/{imageId:guid}", RemoveImage.Handle).WithName("RemoveImage").WithSummary("Remove a picture");
    }

    static void MapCategories(WebApplication app)
    {
        var employees = app.MapGroup("/api/categories").For(Access.Employee).WithTags("Catalog")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403);
        employees.MapPost("/", CreateCategory.Handle).WithName("CreateCategory")
            .WithSummary("Put up a category").ProducesProblem(409).ProducesProblem(422);
        employees.MapPut("/{slug:maxlength(100)}", ChangeCategory.Handle).WithName("ChangeCategory")
            .WithSummary("Rename a category, or move it with all that lies below it").ProducesProblem(404).ProducesProblem(422);
        employees.MapDelete("/{slug:maxlength(100)}", RemoveCategory.Handle).WithName("RemoveCategory")
            .WithSummary("Remove a category in which nothing is left").ProducesProblem(404).ProducesProblem(409);
    }

    static void MapCustomers(WebApplication app)
    {
        app.MapPut("/api/products/{productId:guid}/ratings", RateProduct.Handle).For(Access.SignedIn).WithTags("Catalog").WithName("RateProduct")
            .WithSummary("Rate a product that one has bought; again replaces it").ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
    }

    static void MapGrpcReads(WebApplication app)
    {
        var source = app.Services.GetRequiredService<Npgsql.NpgsqlDataSource>();
        var stock = app.Services.GetRequiredService<StockReader>();
        var discounts = app.Services.GetRequiredService<Discounts>();
        app.MapGrpcUnary(CatalogGrpc.VerifyStock, (request, call) => VerifyStock.Handle(request, stock, call.CancellationToken)).For(Access.Anyone);
        app.MapGrpcUnary(CatalogGrpc.GetCategories, (_, call) => GetCategoryPaths.Handle(source, call.CancellationToken)).For(Access.Service);
        app.MapGrpcUnary(CatalogGrpc.GetProducts, (request, call) => GetProductsForOrder.Handle(request, source, discounts, call.CancellationToken)).For(Access.Service);
    }

    static void MapReservations(WebApplication app)
    {
        var feed = app.Services.GetRequiredService<StockFeed>();
        var reservations = app.Services.GetRequiredService<Reservations>();
        var options = app.Services.GetRequiredService<IOptions<CatalogOptions>>().Value;
        var clock = app.Services.GetRequiredService<TimeProvider>();
        app.MapGrpcUnary(CatalogGrpc.Reserve, (request, call) => ReserveStock.Handle(request, reservations, options, clock, call.CancellationToken)).For(Access.Service);
        app.MapGrpcUnary(CatalogGrpc.Commit, (request, call) => CommitReservation.Handle(request, reservations, call.CancellationToken)).For(Access.Service);
        app.MapGrpcUnary(CatalogGrpc.Release, (request, call) => ReleaseReservation.Handle(request, reservations, call.CancellationToken)).For(Access.Service);
        app.MapGrpcServerStreaming(CatalogGrpc.WatchStock, (request, writer, call) => WatchStock.Handle(request, feed, writer, app.Lifetime, call.CancellationToken)).For(Access.Service);
    }
}
