namespace Rosa.Catalog;

enum ProductOrder
{
    Relevance,
    Price,
    PriceDescending,
    Newest,
    Rating,
}

/// <summary>The parameter <c>sort</c>: <c>relevance</c>, <c>price</c>, <c>-price</c>, <c>newest</c> or <c>rating</c>; any other word is a bad request.</summary>
readonly record struct ProductSort(ProductOrder Order)
{
    public static bool TryParse(string? text, out ProductSort sort)
    {
        ProductOrder? order = text switch
        {
            "relevance" => ProductOrder.Relevance,
            "price" => ProductOrder.Price,
            "-price" => ProductOrder.PriceDescending,
            "newest" => ProductOrder.Newest,
            "rating" => ProductOrder.Rating,
            _ => null,
        };
        sort = new ProductSort(order ?? default);
        return order is not null;
    }
}
