using System.Net;
using System.Text.Json;

namespace Rosa.Cli.Load;

/// <summary>What the bench asks for: products and shelves, as the shop itself lists them.</summary>
sealed record ShopProducts(IReadOnlyList<Guid> Ids, IReadOnlyList<string> Categories, int Total)
{
    const int PageSize = 100;

    /// <param name="atMost">The most products to remember; spread over all of the list when there are more.</param>
    public static async Task<ShopProducts> ReadAsync(Uri server, int atMost, CancellationToken cancellationToken)
    {
        using var http = LoadClient.To(server, connections: 1);
        var first = await PageAsync(http, 1, cancellationToken);
        var pages = Math.Min(10_000, (first.Total + PageSize - 1) / PageSize);
        var step = Math.Max(1, pages * PageSize / Math.Max(PageSize, atMost));

        var ids = new List<Guid>(atMost);
        var categories = new HashSet<string>();
        for (var page = 1; page <= pages && ids.Count < atMost; page += step)
        {
            foreach (var (id, category) in (await PageAsync(http, page, cancellationToken)).Products)
            {
                ids.Add(id);
                categories.Add(category);
            }
        }
        return new ShopProducts(ids, [.. categories.Order(StringComparer.Ordinal)], first.Total);
    }

    static async Task<(int Total, List<(Guid Id, string Category)> Products)> PageAsync(HttpClient http, int page, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync($"/api/products?sort=price&limit={PageSize}&page={page}", cancellationToken);
        await LoadClient.MustBeAsync(answer, HttpStatusCode.OK, cancellationToken);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        var products = json.RootElement.GetProperty("products").EnumerateArray()
            .Select(product => (product.GetProperty("productId").GetGuid(), product.GetProperty("category").GetString()!)).ToList();
        return (json.RootElement.GetProperty("total").GetInt32(), products);
    }

    /// <summary>Lists in every order: the first pages of the shop, and the first of every category.</summary>
    public IReadOnlyList<string> ListPaths()
    {
        string[] orders = ["newest", "price", "-price", "rating"];
        var ofTheShop = orders.SelectMany(order => Enumerable.Range(1, 10).Select(page => $"/api/products?limit=20&sort={order}&page={page}"));
        var ofCategories = Categories.SelectMany(category => orders.Select(order => $"/api/products?limit=20&sort={order}&category={category}"));
        return Shuffled(ofTheShop.Concat(ofCategories));
    }

    public IReadOnlyList<string> DetailPaths() => Shuffled(Ids.Select(id => $"/api/products/{id}"));

    // The same order in every run.
    static string[] Shuffled(IEnumerable<string> paths)
    {
        var all = paths.ToArray();
        new Random(7).Shuffle(all);
        return all;
    }
}
