using System.CommandLine;
using Rosa.Cli.Bench;
using Rosa.Cli.Chaos;
using Rosa.Cli.Seed;
using Rosa.Cli.Top;

// The commands of the rosa script that are more than a line of shell.
var root = new RootCommand("Rosa: measure it, break it, fill it.")
{
    BenchCommand.Create(),
    BareCommand.Create(),
    ChaosCommand.Create(),
    SeedCommand.Create(),
    TopCommand.Create(),
};
root.Subcommands.Single(command => command.Name == "bench-bare").Hidden = true;

// Long enough to stop what was started.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) });
