using Npgsql;
using Rosa.Contracts.Catalog;

namespace Rosa.Catalog;

/// <summary>gRPC <c>GetProducts</c>: what an order's lines cost now and whether they can be had, in one call.</summary>
static class GetProductsForOrder
{
    const int Most = 100;

    public static async Task<GetProductsResponse> Handle(GetProductsRequest request, NpgsqlDataSource source, Discounts discounts, CancellationToken cancellationToken)
    {
        GrpcInput.AtMost(request.ProductIds.Count, Most, "product_ids");
        Guid[] productIds = [.. request.ProductIds.Select(id => GrpcInput.Id(id, "product_ids")).Distinct()];

        await using var command = source.CreateCommand(Language.Of(request.Language) == Language.English ? english : french);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = productIds });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var response = new GetProductsResponse();
        while (await rows.ReadAsync(cancellationToken))
        {
            var price = rows.GetDecimal(2);
            var category = rows.GetString(3);
            response.Products.Add(new Product
            {
                ProductId = rows.GetGuid(0).ToString(),
                Title = rows.GetString(1),
                PriceCents = Cents(price),
                SellingPriceCents = Cents(discounts.Discounted(category, price) ?? price),
                Available = rows.GetInt32(4),
                Category = category,
                ImageUrl = rows.IsDBNull(5) ? "" : rows.GetString(5),
            });
        }
        return response;
    }

    static readonly string french = Sql(Language.French);
    static readonly string english = Sql(Language.English);

    static string Sql(string language) =>
        $"""
        select p.product_id, {Language.Sql(language, "p", "title")}, p.price, p.category, s.available, p.image_url
        from products p
        join stock s using (product_id)
        where p.product_id = any($1) and p.withdrawn_at is null
        """;

    static long Cents(decimal amount) => (long)(amount * 100);
}
