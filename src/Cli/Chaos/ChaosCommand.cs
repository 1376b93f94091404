using System.CommandLine;
using Rosa.Platform.Resilience;

namespace Rosa.Cli.Chaos;

/// <summary><c>rosa chaos</c>: what there is to break. Each way of breaking things adds its option here and lives in a file of its own.</summary>
static class ChaosCommand
{
    static readonly Option<bool> list = new("--list") { Description = "The points at which ROSA_CRASH_AT=<point> ends a process, and what each stands for." };

    static readonly Option<int?> simulate = new("--simulate")
    {
        Description = "Plays this many seeds of the shop in memory, with lost, repeated and reordered messages, failing calls and killed processes.",
        HelpName = "seeds",
    };

    static readonly Option<int> seed = new("--seed") { Description = "The first seed of --simulate; a failing one replays exactly.", DefaultValueFactory = _ => 1 };

    public static Command Create()
    {
        var command = new Command("chaos", "Break things and see what happens") { list, simulate, seed };
        command.Validators.Add(result =>
        {
            if (result.GetValue(list) == (result.GetValue(simulate) is not null)) result.AddError("Say what to do: rosa chaos --list prints the crash points, rosa chaos --simulate 100000 plays seeds.");
            else if (result.GetValue(simulate) is <= 0) result.AddError("--simulate takes the number of seeds, 1 or more.");
        });
        command.SetAction((result, cancellationToken) => Task.FromResult(
            result.GetValue(simulate) is { } seeds
                ? SimulateShop.Run(result.GetValue(seed), seeds, Console.Out, Console.Error, cancellationToken)
                : ListCrashPoints(Console.Out)));
        return command;
    }

    static int ListCrashPoints(TextWriter to)
    {
        var widest = CrashPoint.All.Keys.Max(name => name.Length);
        foreach (var (name, moment) in CrashPoint.All) to.WriteLine($"{name.PadRight(widest)}  {moment}");
        return 0;
    }
}
