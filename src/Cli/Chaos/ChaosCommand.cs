using System.CommandLine;
using Rosa.Platform.Resilience;

namespace Rosa.Cli.Chaos;

/// <summary><c>rosa chaos</c>: what there is to break. Each way of breaking things adds its option here and lives in a file of its own.</summary>
static class ChaosCommand
{
    static readonly Option<bool> list = new("--list") { Description = "The points at which ROSA_CRASH_AT=<point> ends a process, and what each stands for." };

    public static Command Create()
    {
        var command = new Command("chaos", "Break things and see what happens") { list };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(list)) result.AddError("Say what to do: rosa chaos --list prints the crash points.");
        });
        command.SetAction(_ => ListCrashPoints(Console.Out));
        return command;
    }

    static int ListCrashPoints(TextWriter to)
    {
        var widest = CrashPoint.All.Keys.Max(name => name.Length);
        foreach (var (name, moment) in CrashPoint.All) to.WriteLine($"{name.PadRight(widest)}  {moment}");
        return 0;
    }
}
