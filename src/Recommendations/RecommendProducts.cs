using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Recommendations;

/// <summary>Best first; fewer than asked for when there is no more to suggest.</summary>
public sealed record RecommendationList(IReadOnlyList<Recommendation> Recommendations);

/// <param name="Title">In the reader's language.</param>
/// <param name="Reason">A sentence for the reader, in their language.</param>
/// <param name="Score">How sure the shop is, 0 to 1; never rising down the list.</param>
public sealed record Recommendation(Guid ProductId, string Title, string Reason, double Score);

/// <summary><c>GET /api/recommendations/{userId}</c>: to a customer, what they have not bought and can have now.</summary>
static class RecommendProducts
{
    /// <summary>The catalog is asked about more than are wanted: some may be sold out.</summary>
    public const int Spare = 20;

    public static async Task<Results<Ok<RecommendationList>, ProblemHttpResult>> Handle(
        Guid userId, HttpContext http, Caller caller, Candidates candidates, ProductsOnSale catalog, TimeProvider clock, CancellationToken cancellationToken, int limit = 5)
    {
        if (caller.UserId != userId) return Problem.NotFound("customer").ToResult();
        if (limit is < 1 or > 100) return BadLimit.ToResult();

        var today = Recency.Today(clock);
        var graph = await candidates.OfCustomerAsync(userId, today, cancellationToken);
        var ranked = Measure.RankFor(graph.AnimalType, graph.Links, graph.Popular, graph.Most, graph.Newest, today).Take(limit + Spare).ToList();

        var language = Language.Of(http.Request);
        var named = ranked.Select(suggestion => suggestion.Why).OfType<Why.BecauseOf>().Select(because => because.ProductId);
        var products = await catalog.AskAsync([.. ranked.Select(suggestion => suggestion.ProductId), .. named], language, cancellationToken);
        http.Response.Headers.CacheControl = "private, no-store";
        http.Response.Headers.ContentLanguage = language;
        return TypedResults.Ok(List(ranked, products, limit, language));
    }

    public static readonly Problem BadLimit = Problem.Validation("limit", "The limit is 1 to 100.");

    /// <summary>The first of those that may be bought now, in the reader's words.</summary>
    public static RecommendationList List(
        IEnumerable<Suggestion> ranked, IReadOnlyDictionary<Guid, Contracts.Catalog.Product> products, int limit, string language)
    {
        var titles = products.ToDictionary(product => product.Key, product => product.Value.Title);
        return new RecommendationList([.. ranked
            .Where(suggestion => products.TryGetValue(suggestion.ProductId, out var product) && product.Available > 0)
            .Take(limit)
            .Select(suggestion => new Recommendation(
                suggestion.ProductId, titles[suggestion.ProductId], Wording.Of(suggestion.Why, language, titles), Math.Round(suggestion.Score, 4)))]);
    }
}
