namespace Rosa.Host.Demo;

/// <summary>Three hundred orders of the last ninety days, oldest first.</summary>
static class DemoOrders
{
    public const int Count = 300;
    static readonly TimeSpan Past = TimeSpan.FromDays(90);

    public static IReadOnlyList<DemoOrder> For(
        DemoSeed seed, DateTimeOffset now, DemoCatalog catalog, IReadOnlyList<DemoCustomer> customers, IReadOnlyList<DemoPromotion> promotions)
    {
        var shelves = catalog.Products.ToLookup(product => product.Animal);
        var households = customers.Select((customer, index) => new Household(customer.Animal, seed.RandomFor("household", index))).ToArray();
        var uses = new Dictionary<(string Code, Guid? Customer), int>();
        return [.. Enumerable.Range(0, Count).Select(index => Order(seed, now, index, shelves, customers, households, promotions, uses))];
    }

    static DemoOrder Order(
        DemoSeed seed, DateTimeOffset now, int index, ILookup<Animal, DemoProduct> shelves, IReadOnlyList<DemoCustomer> customers,
        IReadOnlyList<Household> households, IReadOnlyList<DemoPromotion> promotions, Dictionary<(string Code, Guid? Customer), int> uses)
    {
        var random = seed.RandomFor("order", index);
        var who = random.FavouriteBelow(customers.Count);
        var customer = customers[who];

        // Evenly over the ninety days, moved by up to half a slot; the last one is a few hours old.
        var slot = (Past - TimeSpan.FromHours(3)) / Count;
        var placedAt = now - Past + slot * index + slot * random.Below(50) / 100;
        var lines = ShoppingHabits.Basket(random, households[who], shelves)
            .Select(product => new DemoOrderLine(product, ShoppingHabits.Quantity(random, product))).ToArray();

        var promotion = random.Chance(50) ? Usable(random.Pick(promotions), customer, lines, placedAt, uses) : null;
        return new(seed.Id("order", index), customer, lines, promotion?.Code, promotion?.Discount(lines, placedAt) ?? 0m, History(random, placedAt, now));
    }

    // A code that would be refused at the till is left out; one that is taken is counted.
    static DemoPromotion? Usable(
        DemoPromotion promotion, DemoCustomer customer, DemoOrderLine[] lines, DateTimeOffset at, Dictionary<(string Code, Guid? Customer), int> uses)
    {
        var inAll = uses.GetValueOrDefault((promotion.Code, null));
        var byCustomer = uses.GetValueOrDefault((promotion.Code, customer.CustomerId));
        if (promotion.Automatic || inAll >= promotion.MaxUses || byCustomer >= promotion.MaxUsesPerUser || promotion.Discount(lines, at) == 0) return null;

        uses[(promotion.Code, null)] = inAll + 1;
        uses[(promotion.Code, customer.CustomerId)] = byCustomer + 1;
        return promotion;
    }

    // An order goes as far as its age allows; one in sixteen is cancelled before it is packed.
    static List<DemoOrderStep> History(DemoRandom random, DateTimeOffset placedAt, DateTimeOffset now)
    {
        var cancelled = random.Chance(6);
        var at = placedAt;
        var steps = new List<DemoOrderStep> { new(DemoOrderStatus.Pending, at) };
        bool Go(DemoOrderStatus status, int leastMinutes, int mostMinutes)
        {
            at = at.AddMinutes(random.Between(leastMinutes, mostMinutes));
            if (at > now) return false;
            steps.Add(new(status, at));
            return true;
        }

        _ = Go(DemoOrderStatus.PaymentProcessing, 1, 1) && Go(DemoOrderStatus.Confirmed, 1, 3)
            && (cancelled ? Go(DemoOrderStatus.Cancelled, 10, 100)
                : Go(DemoOrderStatus.Processing, 630, 1_800) && Go(DemoOrderStatus.Shipped, 600, 2_400) && Go(DemoOrderStatus.Delivered, 1_400, 5_000));
        return steps;
    }
}
