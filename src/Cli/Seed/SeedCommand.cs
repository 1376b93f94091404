using System.CommandLine;
using Rosa.Cli.Load;

namespace Rosa.Cli.Seed;

/// <summary><c>rosa seed</c>: makes a shop as large as one likes, to see how Rosa bears it.</summary>
static class SeedCommand
{
    static readonly Option<int> products = new("--products") { Description = "So many generated products, at most 1,000,000." };
    static readonly Option<int> orders = new("--orders") { Description = "So many past orders, at most 10,000,000: copies of the newest one there is." };
    static readonly Option<string> data = new("--data") { Description = "The data folder of the Rosa that runs.", DefaultValueFactory = _ => Path.Combine(RosaCheckout.Find().Root, ".rosa") };

    public static Command Create()
    {
        Bound(products, 1_000_000);
        Bound(orders, 10_000_000);
        var command = new Command("seed", "Fill a running shop with generated products and past orders") { products, orders, data };
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(data)!, arguments.GetValue(products), arguments.GetValue(orders), cancellationToken));
        return command;
    }

    static void Bound(Option<int> option, int most) => option.Validators.Add(result =>
    {
        if (result.GetValue(option) is < 0 || result.GetValue(option) > most) result.AddError($"{option.Name} is a number from 0 to {most}.");
    });

    static async Task<int> RunAsync(string folder, int productCount, int orderCount, CancellationToken cancellationToken)
    {
        try
        {
            if (!File.Exists(Path.Combine(folder, "rosa.json"))) throw new BenchFailure($"No Rosa runs on {folder}. Start one with ./rosa up.");
            var databases = new DatabaseAccess(folder, RosaAddresses.Read(folder).PostgresPort);
            if (productCount > 0) await GeneratedProducts.LoadAsync(databases, productCount, inStock: 0, cancellationToken);
            if (orderCount > 0) await PastOrders.LoadAsync(databases, orderCount, Console.Error.WriteLine, cancellationToken);
            return 0;
        }
        catch (BenchFailure failure)
        {
            await Console.Error.WriteLineAsync($"rosa: {failure.Message}");
            return 1;
        }
    }
}
