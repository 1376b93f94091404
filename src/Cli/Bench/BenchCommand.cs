using System.CommandLine;
using Rosa.Cli.Load;
using Rosa.Cli.Report;

namespace Rosa.Cli.Bench;

/// <summary><c>rosa bench [figure…]</c>: a line of JSON a figure as soon as it is known, then all of them beside their goals, then the report.</summary>
static class BenchCommand
{
    static readonly Argument<string[]> names = new("figure") { Arity = ArgumentArity.ZeroOrMore, Description = $"Which to measure; all when none is named: {string.Join(", ", Figure.All.Select(figure => figure.Name))}" };
    static readonly Option<bool> quick = new("--quick") { Description = "Short times, about two minutes for all: to see that everything works, not to quote. Writes no report." };
    static readonly Option<int> portOffset = new("--port-offset") { Description = "Added to the ports of the Rosa that is measured.", DefaultValueFactory = _ => 10_000 };

    public static Command Create()
    {
        names.AcceptOnlyFromAmong([.. Figure.All.Select(figure => figure.Name)]);
        var command = new Command("bench", "Measure") { names, quick, portOffset };
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(names)!, arguments.GetValue(quick), arguments.GetValue(portOffset), cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(string[] wanted, bool quickly, int offset, CancellationToken cancellationToken)
    {
        var measured = new List<Result>();
        var report = quickly ? null : new BenchmarkReport(RosaCheckout.Find(), Machine.ThisOne(), DateOnly.FromDateTime(DateTime.UtcNow));
        try
        {
            await using (var run = new BenchRun(quickly ? BenchTimes.Quick : BenchTimes.Full, offset, cancellationToken))
            {
                foreach (var figure in Figure.All.Where(figure => wanted.Length == 0 || wanted.Contains(figure.Name)))
                {
                    var results = await figure.MeasureAsync(run);
                    foreach (var result in results) Console.Out.WriteLine(result.ToJson());
                    measured.AddRange(results);
                    report?.Put(figure, results);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("rosa: interrupted; what was started is stopped again.");
            return 130;
        }
        catch (BenchFailure failure)
        {
            await Console.Error.WriteLineAsync($"rosa: {failure.Message}");
            return 1;
        }

        Console.Out.WriteLine();
        Console.Out.Write(ResultTable.Text(measured));
        if (report is not null) Console.Out.WriteLine($"\nWritten to {report.Path}");
        return 0;
    }
}
