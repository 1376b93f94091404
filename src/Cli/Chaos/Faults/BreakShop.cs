using System.Globalization;
using Npgsql;
using Rosa.Cli.Load;
using Rosa.Cli.Report;
using Rosa.Cli.Seed;

namespace Rosa.Cli.Chaos.Faults;

/// <summary><c>rosa chaos [fault…]</c>: starts a distributed Rosa of its own and breaks it in every way there is while people buy.</summary>
static class BreakShop
{
    const int Shown = 20;
    const int Products = 1_000, InStock = 100_000, Scarce = 20, InStockOfScarce = 15;

    /// <returns>0 when the shop kept its promise throughout, else 1.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> wanted, int people, string? scale, int portOffset, int seed, CancellationToken cancellationToken)
    {
        var checkout = RosaCheckout.Find();
        var folder = Path.Combine(checkout.Root, "artifacts", "chaos", $"{Environment.ProcessId}");
        await using var rosa = new RosaInstance(checkout, folder, portOffset) { Distributed = true, Scale = scale };
        var results = new List<FaultResult>();
        try
        {
            Say($"seed {seed}; starting Rosa as many processes");
            var start = await rosa.UpAsync(cancellationToken);
            Say(string.Create(CultureInfo.InvariantCulture, $"ready after {start.TotalSeconds:0.0} s"));
            await GeneratedProducts.LoadAsync(rosa.Databases, Products, InStock, cancellationToken);
            var all = await ShopProducts.ReadAsync(rosa.Addresses.Http("catalog"), Products, cancellationToken);
            var scarce = all.Ids.Take(Scarce).ToList();

            FaultRun NewRun() => new(rosa, [.. all.Ids.Skip(Scarce)], scarce, new Random(seed));

            Say($"{people} people shop until it is warm");
            await NewRun().WarmUpAsync(people, cancellationToken);
            foreach (var fault in Fault.All.Where(fault => wanted.Count == 0 || wanted.Contains(fault.Name)))
            {
                Say($"{fault.Name}: {fault.What}");
                NpgsqlConnection.ClearAllPools();   // PostgreSQL may have been killed meanwhile
                await GeneratedProducts.SetStockAsync(rosa.Databases, scarce, InStockOfScarce, cancellationToken);
                var result = await NewRun().RunAsync(fault, people, cancellationToken);
                results.Add(result);
                Console.Out.WriteLine(FaultTable.Text([result]));
                foreach (var answer in result.BrokenAnswers.TakeLast(Shown))
                    Say(string.Create(CultureInfo.InvariantCulture, $"broken {(answer.At - result.BrokenAt).TotalSeconds:0.0} s after the fault: {answer.Text}"));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("rosa: interrupted; what was started is stopped again.");
            return 130;
        }
        catch (BenchFailure failure)
        {
            Console.Out.Write(FaultTable.Text(results));
            await Console.Error.WriteLineAsync($"rosa: {failure.Message}\nWhat the processes said is kept in {rosa.KeepLogs()}");
            return 1;
        }

        Console.Out.Write(FaultTable.Text(results));
        if (wanted.Count == 0) Console.Out.WriteLine($"\nWritten to {ResilienceReport.Write(checkout, results, people, seed)}");
        if (results.All(result => result.Held)) return 0;
        Console.Out.WriteLine($"What the processes said is kept in {rosa.KeepLogs()}");
        return 1;
    }

    static void Say(string text) => Console.Error.WriteLine($"[{DateTime.UtcNow:HH:mm:ss}] {text}");
}
