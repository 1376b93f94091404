using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Xml;
using Polly.CircuitBreaker;
using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>/sitemap.xml</c> and <c>/robots.txt</c>. The list of products is asked for by the front itself and kept for ten minutes.</summary>
public sealed class Sitemap(GatewayConnection gateway, Shelves shelves, TimeProvider clock)
{
    static readonly TimeSpan keptFor = TimeSpan.FromMinutes(10);
    const int PageSize = 100;
    const int Most = 20_000;   // a sitemap holds 50,000 addresses, each here in two languages

    readonly Lock starting = new();
    DateTimeOffset madeAt = DateTimeOffset.MinValue;
    Task<IReadOnlyList<string>>? paths;

    public static IResult Robots(Visit visit)
    {
        var text = $"""
            User-agent: *
            Disallow: /account
            Disallow: /live
            Disallow: /login
            Disallow: /orders
            Disallow: /search
            Disallow: /suggestions

            Sitemap: {visit.Origin}/sitemap.xml

            """;
        return TypedResults.Text(text, "text/plain", Encoding.UTF8);
    }

    public static async Task<IResult> Handle(Sitemap use, Visit visit)
    {
        var text = new StringBuilder();
        await using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Async = true, OmitXmlDeclaration = true }))
        {
            await xml.WriteStartElementAsync(null, "urlset", "http://www.sitemaps.org/schemas/sitemap/0.9");
            foreach (var path in await use.PathsAsync())
            {
                await xml.WriteStartElementAsync(null, "url", null);
                await xml.WriteElementStringAsync(null, "loc", null, visit.Origin + path);
                await xml.WriteEndElementAsync();
            }
            await xml.WriteEndElementAsync();
        }
        visit.Context.Response.Headers.CacheControl = "public, max-age=600";
        return TypedResults.Text("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text, "application/xml", Encoding.UTF8);
    }

    Task<IReadOnlyList<string>> PathsAsync()
    {
        lock (starting)
        {
            var now = clock.GetUtcNow();
            if (paths is null || paths.IsFaulted || now - madeAt > keptFor) (paths, madeAt) = (MakeAsync(), now);
            return paths;
        }
    }

    async Task<IReadOnlyList<string>> MakeAsync()
    {
        static IEnumerable<Category> All(IEnumerable<Category> level) => level.SelectMany(category => All(category.Children).Prepend(category));
        var made = new List<string> { "/", "/terms", "/privacy", "/imprint" };
        made.AddRange(All(await shelves.CategoriesAsync(Languages.French)).Select(category => $"/c/{category.Slug}"));
        for (var page = 1; made.Count < Most; page++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"/api/products?sort=newest&limit={PageSize}&page={page}"));
            try
            {
                using var response = await gateway.SendAsync(request, TimeSpan.FromSeconds(10), CancellationToken.None);
                if (!response.IsSuccessStatusCode || await response.Content.ReadFromJsonAsync(ShopJson.Default.ProductPage) is not { } found) break;
                made.AddRange(found.Products.Select(product => product.Path));
                if (page * PageSize >= found.Total) break;
            }
            catch (Exception exception) when (exception is HttpRequestException or TimeoutException or BrokenCircuitException)
            {
                break;   // what there is, is better than nothing
            }
        }
        return made;
    }
}
