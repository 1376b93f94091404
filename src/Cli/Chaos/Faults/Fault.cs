namespace Rosa.Cli.Chaos.Faults;

/// <summary>A way of breaking a distributed shop while people buy.</summary>
/// <param name="Name">What <c>rosa chaos</c> calls it.</param>
/// <param name="What">What is done, for whoever reads the table.</param>
/// <param name="BreakAsync">Does it, and returns when nothing more is done to the shop.</param>
/// <param name="MayFail">Whether a request may fail meanwhile. None may where instances go one by one, or where others of the same service are left.</param>
sealed record Fault(string Name, string What, Func<BrokenShop, CancellationToken, Task> BreakAsync, bool MayFail = false)
{
    static readonly string[] killedOneByOne = ["users", "catalog", "promotions", "payments", "orders", "recommendations", "notifications", "gateway", "storefront", "backoffice"];

    /// <summary>All there are, in the order they are run.</summary>
    public static readonly IReadOnlyList<Fault> All =
    [
        .. killedOneByOne.Select(service => new Fault($"kill-{service}", $"kill -9 of one instance of {service}", (shop, _) => Done(() => shop.Kill(shop.AnyOf(service))))),
        .. ((string[])["catalog", "orders", "gateway"]).Select(service => new Fault($"leave-{service}", $"one instance of {service} is told to leave (SIGTERM)", (shop, _) => Done(() => shop.Signal(shop.AnyOf(service), "TERM")))),
        new("zone", "kill -9 of half of all instances at once", (shop, _) => Done(() => shop.Kill([.. shop.HalfOfAll()]))),
        new("postgres", "kill -9 of PostgreSQL", (shop, _) => Done(() => shop.Kill(shop.Store("postgres"))), MayFail: true),
        new("rabbitmq", "kill -9 of RabbitMQ, again and again for 60 s", (shop, token) => shop.KeepDownAsync("rabbitmq", TimeSpan.FromSeconds(60), token)),
        new("redis", "kill -9 of Redis, again and again for 20 s", (shop, token) => shop.KeepDownAsync("redis", TimeSpan.FromSeconds(20), token)),
        new("roll", "rolling update of every service", (shop, token) => shop.RollAsync(token)),
        new("pause-orders", "one instance of orders stands still (SIGSTOP) for 10 s", (shop, token) => shop.PauseAsync(shop.AnyOf("orders"), TimeSpan.FromSeconds(10), token), MayFail: true),
        new("pause-catalog", "one instance of catalog stands still (SIGSTOP) for 10 s", (shop, token) => shop.PauseAsync(shop.AnyOf("catalog"), TimeSpan.FromSeconds(10), token), MayFail: true),
        new("slow-payments", "every instance of payments answers only every quarter of a second, for 10 s", (shop, token) => shop.SlowAsync("payments", TimeSpan.FromSeconds(10), token)),
    ];

    static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
