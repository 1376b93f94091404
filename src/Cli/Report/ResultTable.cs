using System.Globalization;
using System.Text;
using Rosa.Cli.Bench;

namespace Rosa.Cli.Report;

/// <summary>Results beside their goals: for a terminal, and in Markdown.</summary>
static class ResultTable
{
    static readonly string[] heads = ["figure", "measure", "measured", "goal", ""];

    public static string Text(IReadOnlyList<Result> results)
    {
        var rows = Rows(results).Prepend(heads).ToList();
        var widths = Enumerable.Range(0, heads.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            // Numbers to the right, words to the left.
            text.AppendLine($"{row[0].PadRight(widths[0])}  {row[1].PadRight(widths[1])}  {row[2].PadLeft(widths[2])}  {row[3].PadLeft(widths[3])}  {row[4]}".TrimEnd());
        }
        return text.ToString();
    }

    public static string Markdown(IReadOnlyList<Result> results)
    {
        var text = new StringBuilder("| figure | measure | measured | goal | |\n| --- | --- | ---: | ---: | --- |\n");
        foreach (var row in Rows(results)) text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        return text.ToString();
    }

    // The name of a figure stands in its first row alone.
    static IEnumerable<string[]> Rows(IReadOnlyList<Result> results) =>
        results.SelectMany(result => result.Values.Select((value, i) => (string[])
        [
            i == 0 ? result.Figure : "",
            value.Name,
            Number(value.Rounded),
            value.Goal is { } goal ? (goal.AtLeast ? "≥ " : "≤ ") + Number((decimal)goal.Bound) : "",
            value.Goal is null ? "" : value.Missed ? "missed" : "reached",
        ]));

    static string Number(decimal value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);
}
