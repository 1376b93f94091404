using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Rosa.Cli.Load;
using Rosa.Cli.Report;
using Rosa.Host;
using Rosa.Host.Demo;
using Rosa.Recommendations;

namespace Rosa.Cli.Bench.Figures;

/// <summary>Whether what is suggested is what people buy next.</summary>
static class Recommend
{
    const int Suggestions = 5;

    public static readonly Figure Figure = new(
        "recommend", "Recommendations",
        "Demo shops of several seeds, each in a Rosa of its own. Each customer's last order is taken out of what the service has learned; the service is then asked, signed in as that customer, for five "
        + "suggestions. A hit: one of them is in the order that was held out. Customers whose last order held nothing new to them are left out, those for whom it was the first are not. Beside it, for the same customers: "
        + "the five products most often bought by all, and five by chance, without what they bought already or what is sold out; `found` is the share of the products held out that were suggested.",
        MeasureAsync, Plot);

    /// <summary>What was put to one customer.</summary>
    /// <param name="Hidden">The products of the last order that they had not bought before.</param>
    sealed record Trial(DemoCustomer Customer, IReadOnlyList<DemoProduct> Bought, IReadOnlyList<DemoProduct> Hidden);

    /// <summary>How well one way of suggesting did.</summary>
    sealed class Tally
    {
        int asked, hits, hidden, found;

        public void Add(Trial trial, IEnumerable<Guid> suggested)
        {
            var right = trial.Hidden.Select(product => product.ProductId).Intersect(suggested).Count();
            asked++;
            hits += right > 0 ? 1 : 0;
            hidden += trial.Hidden.Count;
            found += right;
        }

        public double HitRate => (double)hits / asked;
        public double Found => (double)found / hidden;
        public int Asked => asked;
    }

    static async Task<IReadOnlyList<Result>> MeasureAsync(BenchRun run)
    {
        await run.CloseShopAsync();
        var (service, popular, chance) = (new Tally(), new Tally(), new Tally());
        var times = new List<double>();
        for (var i = 0; i < run.Times.DemoShops; i++)
        {
            var seed = new DemoSeed(DemoSeed.Default.Value + i);
            run.Say($"recommend: demo shop {i + 1} of {run.Times.DemoShops}");
            await using var rosa = run.NewInstance();
            await rosa.UpAsync(run.Cancelled);
            await AskAsync(rosa, seed, service, popular, chance, times, run.Cancelled);
        }
        times.Sort();
        return [new Result("recommend",
            new("customers", service.Asked),
            new("hit_rate", service.HitRate),
            new("most_popular_hit_rate", popular.HitRate),
            new("random_hit_rate", chance.HitRate),
            new("ratio_to_most_popular", service.HitRate / popular.HitRate, Goal.Least(2)),
            new("found", service.Found),
            new("most_popular_found", popular.Found),
            new("p50_ms", times[times.Count / 2]))];
    }

    static async Task AskAsync(RosaInstance rosa, DemoSeed seed, Tally service, Tally popular, Tally chance, List<double> times, CancellationToken cancellationToken)
    {
        var password = Guid.NewGuid().ToString("N");
        var databases = Services.All.Where(service => service.OwnsDatabase()).ToDictionary(service => service.Name, service => rosa.Databases.ConnectionString(service.Name));
        await new DemoShopLoader(databases, TimeProvider.System, seed).LoadAsync(password, cancellationToken);
        var asOf = await LoadedPart.LoadedAsOfAsync(databases["recommendations"], LoadedPart.Shop, cancellationToken) ?? throw new BenchFailure("The demo shop was not loaded.");

        var shop = DemoShop.Create(seed, asOf);
        var orders = shop.Orders.Where(order => order.Status != DemoOrderStatus.Cancelled).ToList();
        var last = orders.GroupBy(order => order.Customer).Select(group => group.Last()).ToList();
        await ForgetAsync(databases["recommendations"], last, cancellationToken);
        var known = orders.Except(last).ToList();
        var best = known.SelectMany(order => order.Lines).CountBy(line => line.Product).OrderByDescending(product => product.Value).ThenBy(product => product.Key.ProductId).Select(product => product.Key).ToList();

        using var http = LoadClient.To(rosa.Addresses.Gateway, connections: 4);
        for (var i = 0; i < last.Count; i++)
        {
            var trial = TrialOf(last[i], known);
            if (trial.Hidden.Count == 0) continue;

            bool MayBeSuggested(DemoProduct product) => product.Stock > 0 && !trial.Bought.Contains(product);
            var (suggested, time) = await SuggestedAsync(http, trial, password, cancellationToken);
            times.Add(time);
            service.Add(trial, suggested);
            popular.Add(trial, best.Where(MayBeSuggested).Take(Suggestions).Select(product => product.ProductId));
            chance.Add(trial, ByChance(seed.RandomFor("bench-chance", i), [.. shop.Catalog.Products.Where(MayBeSuggested)]));
        }
    }

    /// <summary>The service's own way of taking an order back leaves its counts as if that had never been.</summary>
    static async Task ForgetAsync(string database, IReadOnlyList<DemoOrder> orders, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Purchases.Lock());
        foreach (var order in orders) batch.BatchCommands.Add(Purchases.TakeBack(order.OrderId));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    static Trial TrialOf(DemoOrder hidden, IReadOnlyList<DemoOrder> known)
    {
        var bought = known.Where(order => order.Customer == hidden.Customer).SelectMany(order => order.Lines).Select(line => line.Product).Distinct().ToList();
        return new Trial(hidden.Customer, bought, [.. hidden.Lines.Select(line => line.Product).Except(bought)]);
    }

    static async Task<(IReadOnlyList<Guid> Suggested, double Milliseconds)> SuggestedAsync(HttpClient http, Trial trial, string password, CancellationToken cancellationToken)
    {
        using var login = await http.PostAsJsonAsync("/api/users/login", new { email = trial.Customer.Email, password }, cancellationToken);
        await LoadClient.MustBeAsync(login, HttpStatusCode.OK, cancellationToken);
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("token").GetString();

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/recommendations/{trial.Customer.CustomerId}?limit={Suggestions}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var start = Stopwatch.GetTimestamp();
        using var answer = await http.SendAsync(request, cancellationToken);
        await LoadClient.MustBeAsync(answer, HttpStatusCode.OK, cancellationToken);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        List<Guid> suggested = [.. body.GetProperty("recommendations").EnumerateArray().Select(entry => entry.GetProperty("productId").GetGuid())];
        if (suggested.Count > Suggestions || trial.Bought.Any(product => suggested.Contains(product.ProductId)))
            throw new BenchFailure($"Suggested were more than {Suggestions}, or something bought already: {body}");
        return (suggested, time);
    }

    static IEnumerable<Guid> ByChance(DemoRandom random, List<DemoProduct> products)
    {
        for (var i = 0; i < Suggestions; i++)
        {
            var product = random.Pick(products);
            products.Remove(product);
            yield return product.ProductId;
        }
    }

    static BarPlot Plot(IReadOnlyList<Result> results) => new("Customers for whom one of five was right, in percent",
    [
        new Bar("Recommendations", 100 * results[0]["hit_rate"], Ours: true, Goal: 200 * results[0]["most_popular_hit_rate"]),
        new Bar("most popular", 100 * results[0]["most_popular_hit_rate"]),
        new Bar("by chance", 100 * results[0]["random_hit_rate"]),
    ]);
}
