using Microsoft.Extensions.Options;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Resilience;

namespace Rosa.Recommendations;

/// <summary>
/// Asks the catalog at each answer what may be sold now: stock moves with every sale, and what is suggested must be had. Throws, which is answered with 503,
/// when the catalog does not answer.
/// </summary>
sealed class ProductsOnSale(ServiceGrpc grpc, IOptions<RecommendationsOptions> options)
{
    /// <summary>What the catalog takes in one call.</summary>
    const int InOneCall = 100;

    public async Task<IReadOnlyDictionary<Guid, Product>> AskAsync(IEnumerable<Guid> productIds, string language, CancellationToken cancellationToken)
    {
        var calls = productIds.Distinct().Chunk(InOneCall).Select(ids =>
        {
            var request = new GetProductsRequest { Language = language };
            request.ProductIds.AddRange(ids.Select(id => id.ToString()));
            return grpc.CallAsync("catalog", CatalogGrpc.GetProducts, request, cancellationToken, options.Value.CatalogWithin);
        });
        var answers = await Task.WhenAll(calls);
        return answers.SelectMany(answer => answer.Products).ToDictionary(product => Guid.Parse(product.ProductId));
    }
}
