using System.CommandLine;
using Rosa.Cli.Chaos.Faults;
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

    static readonly Option<int> seed = new("--seed") { Description = "The first seed of --simulate, or what chooses the victims of a fault; a failing one replays.", DefaultValueFactory = _ => 1 };

    static readonly Argument<string[]> names = new("fault") { Arity = ArgumentArity.ZeroOrMore, Description = $"Which faults to make in a distributed Rosa while people buy; all when none is named: {string.Join(", ", Fault.All.Select(fault => fault.Name))}" };
    static readonly Option<int> people = new("--people") { Description = "How many buy meanwhile.", DefaultValueFactory = _ => 50 };
    static readonly Option<string?> scale = new("--scale") { Description = "Other numbers of instances than usual: catalog=2,orders=1." };
    static readonly Option<int> portOffset = new("--port-offset") { Description = "Added to the ports of the Rosa that is broken.", DefaultValueFactory = _ => 10_000 };

    public static Command Create()
    {
        people.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1_000) result.AddError("--people takes 1 to 1,000.");
        });
        names.AcceptOnlyFromAmong([.. Fault.All.Select(fault => fault.Name)]);
        var command = new Command("chaos", "Break things and see what happens") { names, list, simulate, seed, people, scale, portOffset };
        command.Validators.Add(result =>
        {
            if (result.GetValue(simulate) is <= 0) result.AddError("--simulate takes the number of seeds, 1 or more.");
        });
        command.SetAction((result, cancellationToken) =>
            result.GetValue(list) ? Task.FromResult(ListCrashPoints(Console.Out))
            : result.GetValue(simulate) is { } seeds ? Task.FromResult(SimulateShop.Run(result.GetValue(seed), seeds, Console.Out, Console.Error, cancellationToken))
            : BreakShop.RunAsync(result.GetValue(names)!, result.GetValue(people), result.GetValue(scale), result.GetValue(portOffset), result.GetValue(seed), cancellationToken));
        return command;
    }

    static int ListCrashPoints(TextWriter to)
    {
        var widest = CrashPoint.All.Keys.Max(name => name.Length);
        foreach (var (name, moment) in CrashPoint.All) to.WriteLine($"{name.PadRight(widest)}  {moment}");
        return 0;
    }
}
