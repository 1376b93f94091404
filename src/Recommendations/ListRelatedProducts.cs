using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Problems;

namespace Rosa.Recommendations;

/// <summary><c>GET /api/products/{productId}/related</c>: what is bought with a product, then what else stands on its shelf. The same for everybody.</summary>
static class ListRelatedProducts
{
    public static async Task<Results<Ok<RecommendationList>, ProblemHttpResult>> Handle(
        Guid productId, HttpContext http, Candidates candidates, ProductsOnSale catalog, TimeProvider clock, CancellationToken cancellationToken, int limit = 5)
    {
        if (limit is < 1 or > 100) return RecommendProducts.BadLimit.ToResult();

        var graph = await candidates.OfProductAsync(productId, Recency.Today(clock), cancellationToken);
        var ranked = Measure.RankRelated(graph.Link, graph.Shelf).Take(limit + RecommendProducts.Spare).ToList();
        var language = Language.Of(http.Request);
        var products = await catalog.AskAsync([productId, .. ranked.Select(suggestion => suggestion.ProductId)], language, cancellationToken);
        if (!products.ContainsKey(productId)) return Problem.NotFound("product").ToResult();

        http.Response.Headers.CacheControl = "public, max-age=10";
        http.Response.Headers.Vary = "Accept-Language";
        http.Response.Headers.ContentLanguage = language;
        return TypedResults.Ok(RecommendProducts.List(ranked, products, limit, language));
    }
}
