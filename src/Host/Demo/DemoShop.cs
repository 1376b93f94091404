namespace Rosa.Host.Demo;

/// <summary>
/// The whole demo shop as data. The same seed and the same <c>now</c> give the same shop, to the last cent; the catalog does
/// not depend on <c>now</c> at all.
/// </summary>
sealed record DemoShop(
    DemoCatalog Catalog, IReadOnlyList<DemoCustomer> Customers, IReadOnlyList<DemoPromotion> Promotions, IReadOnlyList<DemoOrder> Orders)
{
    public static DemoShop Create(DemoSeed seed, DateTimeOffset now)
    {
        var catalog = DemoCatalog.For(seed);
        var customers = DemoPeople.For(seed, now);
        var promotions = DemoPromotions.For(now);
        return new(catalog, customers, promotions, DemoOrders.For(seed, now, catalog, customers, promotions));
    }
}
