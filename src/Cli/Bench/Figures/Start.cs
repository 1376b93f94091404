namespace Rosa.Cli.Bench.Figures;

/// <summary>How long until everything is ready.</summary>
static class Start
{
    public static readonly Figure Figure = new(
        "start", "Start",
        "The median of several starts of one shop with 1,000 products. From the start of the host's process until every service is ready (`rosa.json` is written), once with PostgreSQL "
        + "running already (the host was killed before), once with PostgreSQL started too; and the whole second `./rosa up --detach`.",
        MeasureAsync);

    static async Task<IReadOnlyList<Result>> MeasureAsync(BenchRun run)
    {
        var shop = await run.ShopAsync();
        List<double> withoutPostgres = [], withPostgres = [], commands = [];
        for (var i = 1; i <= run.Times.Starts; i++)
        {
            run.Say($"start: {i} of {run.Times.Starts}");
            await shop.KillHostAsync(run.Cancelled);
            await shop.UpAsync(run.Cancelled);
            withoutPostgres.Add(shop.StartTime().TotalSeconds);

            await shop.DownAsync(run.Cancelled);
            commands.Add((await shop.UpAsync(run.Cancelled)).TotalSeconds);
            withPostgres.Add(shop.StartTime().TotalSeconds);
        }
        return [new Result("start",
            new("ready_s", Median(withoutPostgres), Goal.Most(1.5)),
            new("with_postgres_s", Median(withPostgres), Goal.Most(3)),
            new("up_s", Median(commands), Goal.Most(5)))];
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
