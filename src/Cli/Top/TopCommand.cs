using System.CommandLine;
using System.Globalization;
using Rosa.Cli.Load;
using Spectre.Console;

namespace Rosa.Cli.Top;

/// <summary><c>rosa top</c>: what every instance does at the moment, and what waits.</summary>
static class TopCommand
{
    static readonly TimeSpan every = TimeSpan.FromSeconds(2), onceOver = TimeSpan.FromSeconds(1);

    static readonly Option<bool> once = new("--once") { Description = "Print one table, of one second, and end." };
    static readonly Option<string> data = new("--data") { Description = "The data folder of the Rosa that runs.", DefaultValueFactory = _ => Path.Combine(RosaCheckout.Find().Root, ".rosa") };

    public static Command Create()
    {
        var command = new Command("top", "Requests, times, errors, circuits and queues of every service, live") { once, data };
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(data)!, arguments.GetValue(once), cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(string folder, bool printOnce, CancellationToken cancellationToken)
    {
        using var rosa = new WatchedRosa(folder);
        if (!rosa.IsRunning)
        {
            await Console.Error.WriteLineAsync($"rosa: no Rosa runs on {folder}. Start one with ./rosa up.");
            return 1;
        }
        var before = new Dictionary<string, Reading>();
        await LookAsync(rosa, before, cancellationToken);
        if (printOnce)
        {
            await Task.Delay(onceOver, cancellationToken);
            var table = await LookAsync(rosa, before, cancellationToken);
            // A script's table is as wide as it is.
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out), ColorSystem = ColorSystemSupport.NoColors });
            console.Profile.Width = 140;
            console.Write(table);
            return 0;
        }
        try
        {
            await AnsiConsole.Live(await LookAsync(rosa, before, cancellationToken)).StartAsync(async live =>
            {
                while (rosa.IsRunning)
                {
                    await Task.Delay(every, cancellationToken);
                    live.UpdateTarget(await LookAsync(rosa, before, cancellationToken));
                }
            });
        }
        catch (Exception exception) when (exception is OperationCanceledException or FileNotFoundException)
        {
            // Ctrl-C, or Rosa has stopped.
        }
        return 0;
    }

    static async Task<Table> LookAsync(WatchedRosa rosa, Dictionary<string, Reading> before, CancellationToken cancellationToken)
    {
        var queues = rosa.QueuesAsync(cancellationToken);
        var rows = new List<TopRow>();
        foreach (var (instance, reading) in await rosa.ReadAsync(cancellationToken))
        {
            rows.Add(new TopRow(instance, reading, reading is null ? null : Rates.Between(before.GetValueOrDefault(instance.Name), reading)));
            if (reading is not null) before[instance.Name] = reading;
        }
        return TopTable.Draw(rows, await queues);
    }
}

/// <param name="Reading">Null when the instance does not answer.</param>
sealed record TopRow(WatchedInstance Instance, Reading? Reading, Rates? Rates);

/// <summary>How it looks.</summary>
static class TopTable
{
    public static Table Draw(IReadOnlyList<TopRow> rows, IReadOnlyList<WatchedQueue>? queues)
    {
        var oneProcess = rows.All(row => row.Instance.ProcessId is null);
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("instance");
        foreach (var number in (string[])["req/s", "p99", "5xx", "outbox", "inbox", "parked", "broker"]) table.AddColumn(new TableColumn(number).RightAligned());
        if (!oneProcess) foreach (var number in (string[])["cpu", "MB"]) table.AddColumn(new TableColumn(number).RightAligned());
        table.AddColumn("circuits that are not closed");
        foreach (var row in rows) table.AddRow([.. Cells(row, queues, oneProcess).Select(cell => new Markup(cell))]);
        // Of one process the processor and the memory are everybody's.
        if (oneProcess && rows.FirstOrDefault(row => row.Rates is not null) is { } any)
            table.Caption($"{any.Rates!.Processor.ToString("P0", CultureInfo.InvariantCulture)} of a processor, {any.Reading!.MemoryBytes / 1e6:0} MB");
        return table;
    }

    static IEnumerable<string> Cells(TopRow row, IReadOnlyList<WatchedQueue>? queues, bool oneProcess)
    {
        yield return row.Instance.Name;
        if (row is not { Reading: { } reading, Rates: { } rates })
        {
            for (var i = 0; i < (oneProcess ? 7 : 9); i++) yield return "";
            yield return "[red]no answer[/]";
            yield break;
        }
        yield return Number(rates.RequestsPerSecond, "0.0");
        yield return rates.P99 is not { } p99 ? "" : double.IsPositiveInfinity(p99) ? "> 30 s" : p99 < 1 ? $"≤ {Number(p99 * 1000, "0.#")} ms" : $"≤ {Number(p99, "0.#")} s";
        yield return rates.Errors > 0 ? $"[red]{Number(rates.Errors, "0")}[/]" : "0";
        yield return reading.Outbox is { } outbox ? Number(outbox, "0") : "";
        yield return reading.Inbox is { } inbox ? Number(inbox, "0") : "";
        yield return reading.Parked is not { } parked ? "" : parked > 0 ? $"[red]{Number(parked, "0")}[/]" : "0";
        yield return queues is null ? "" : Number(queues.Where(queue => queue.Name.StartsWith(row.Instance.Service + ".", StringComparison.Ordinal)).Sum(queue => queue.Messages), "0");
        if (!oneProcess)
        {
            yield return rates.Processor.ToString("P0", CultureInfo.InvariantCulture);
            yield return Number(reading.MemoryBytes / 1e6, "0");
        }
        yield return reading.OpenCircuits.Count == 0 ? "" : $"[red]{string.Join(", ", reading.OpenCircuits).EscapeMarkup()}[/]";
    }

    static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
