using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary>What the list of products is narrowed to.</summary>
public sealed record ProductFilter(string? Q, string? Category, string? Stock, string? Sort, int Page)
{
    public string Address(int? page = null, string? sort = null) => Backoffice.Address.Of("/office/products",
        ("q", Q), ("category", Category), ("stock", Stock), ("sort", sort ?? Sort), ("page", (page ?? 1) == 1 ? null : $"{page}"));
}

/// <summary><c>GET /office/products</c></summary>
static class ListProducts
{
    const int Limit = 50;

    public static async Task<IResult> Handle(OfficeApi office, string? q = null, string? category = null, string? stock = null, string? sort = null, int page = 1)
    {
        if (stock == "low") return new SeeOther("/office/products/low-stock");
        var filter = new ProductFilter(q?.Trim(), category, stock, sort, page);
        var (products, categories) = (office.ProductsAsync(filter.Q, category, stock == "in", sort, page, Limit), office.CategoriesAsync());
        return Html.Page<ProductListView>(new { Found = (await products).OrThrow(), Categories = (await categories).OrThrow(), Filter = filter });
    }
}

/// <summary><c>GET /office/products/low-stock</c></summary>
static class ListLowStock
{
    public static async Task<IResult> Handle(OfficeApi office, int page = 1) => Html.Page<LowStockView>(new { Found = (await office.LowStockAsync(page)).OrThrow() });
}

/// <summary><c>GET /office/products/export</c></summary>
static class ExportProducts
{
    public static async Task<IResult> Handle(OfficeApi office)
    {
        using var response = await office.ExportAsync();
        if (!response.IsSuccessStatusCode) throw (await Refusal.ReadAsync(response)).ToException();
        return TypedResults.File(await response.Content.ReadAsByteArrayAsync(), "text/csv; charset=utf-8", "products.csv");
    }
}
