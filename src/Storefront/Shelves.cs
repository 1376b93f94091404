using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Polly.CircuitBreaker;
using Rosa.Web;

namespace Rosa.Storefront;

/// <summary>
/// What is the same for every visitor of a language and is asked for again and again: the front page of who is new, the tree of categories, and cards
/// of single products. Asked by the front for itself and kept for some seconds.
/// </summary>
public sealed class Shelves(GatewayConnection gateway, TimeProvider clock)
{
    static readonly TimeSpan categoriesFor = TimeSpan.FromSeconds(20);
    static readonly TimeSpan cardsFor = TimeSpan.FromSeconds(3);
    static readonly TimeSpan homeFor = TimeSpan.FromSeconds(1);
    const int MostKept = 4_000;

    sealed record Kept(DateTimeOffset At, Task<object?> Value);

    readonly ConcurrentDictionary<string, Kept> kept = new();

    public async Task<IReadOnlyList<Category>> CategoriesAsync(string language) =>
        await FindAsync("/api/categories", language, categoriesFor, ShopJson.Default.CategoryTree) is { } tree ? tree.Categories : [];

    /// <summary>What the front page shows to whoever has neither signed in nor a cart; null when it cannot be had now.</summary>
    public Task<HomeAnswer?> HomeAsync(string language) => FindAsync("/api/home", language, homeFor, ShopJson.Default.HomeAnswer);

    /// <summary>The way from the top to a category; empty when there is none of this slug.</summary>
    public async Task<IReadOnlyList<Category>> PathToAsync(string slug, string language)
    {
        static List<Category>? Find(IReadOnlyList<Category> level, string slug)
        {
            foreach (var category in level)
            {
                if (category.Slug == slug) return [category];
                if (Find(category.Children, slug) is { } below) return [category, .. below];
            }
            return null;
        }
        return Find(await CategoriesAsync(language), slug) ?? [];
    }

    /// <summary>Cards of those that are for sale, in the order asked.</summary>
    public async Task<IReadOnlyList<ProductCardData>> CardsAsync(IEnumerable<Guid> productIds, string language)
    {
        var found = await Task.WhenAll(productIds.Take(100).Select(id => FindAsync($"/api/products/{id}", language, cardsFor, ShopJson.Default.ProductDetail)));
        return [.. found.OfType<ProductDetail>().Select(product => product.ToCard())];
    }

    /// <summary>Null when there is no such thing, or when it cannot be asked for now: the page goes without.</summary>
    async Task<T?> FindAsync<T>(string path, string language, TimeSpan keptFor, JsonTypeInfo<T> type) where T : class
    {
        var now = clock.GetUtcNow();
        var key = $"{language} {path}";
        if (kept.TryGetValue(key, out var known) && now - known.At < keptFor) return (T?)await known.Value;
        if (kept.Count > MostKept) kept.Clear();
        var anew = new Kept(now, AskAsync(path, language, type));
        kept[key] = anew;
        return (T?)await anew.Value;
    }

    async Task<object?> AskAsync<T>(string path, string language, JsonTypeInfo<T> type) where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept-Language", language);
        try
        {
            using var response = await gateway.SendAsync(request, TimeSpan.FromSeconds(5), CancellationToken.None);
            return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync(type) : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or BrokenCircuitException)
        {
            return null;
        }
    }
}
