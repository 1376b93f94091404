using System.Globalization;
using Rosa.Cli.Bench;
using Rosa.Cli.Load;

namespace Rosa.Cli.Report;

/// <summary>
/// <c>docs/benchmarks.md</c>: a section a figure, each between its markers with its date and machine, so that measuring one again
/// leaves the others, and whatever a person wrote around them, as they are.
/// </summary>
sealed class BenchmarkReport(RosaCheckout checkout, Machine machine, DateOnly date)
{
    /// <summary>From the checkout's root.</summary>
    public string Path => "docs/benchmarks.md";

    /// <summary>Written at once: what comes after may fail, and this figure stands.</summary>
    public void Put(Figure figure, IReadOnlyList<Result> results)
    {
        var file = System.IO.Path.Combine(checkout.Root, Path);
        var images = System.IO.Path.Combine(checkout.Root, "docs", "images");
        Directory.CreateDirectory(images);
        var text = File.Exists(file) ? File.ReadAllText(file) : "# Benchmarks\n";
        var plot = figure.Plot is null ? "" : $"\n![{figure.Title}](images/bench-{figure.Name}.svg)\n";
        if (figure.Plot?.Invoke(results) is { } drawn) File.WriteAllText(System.IO.Path.Combine(images, $"bench-{figure.Name}.svg"), drawn.ToSvg());
        File.WriteAllText(file, Replaced(text, figure.Name, $"""
            ## {figure.Title}

            {figure.Method}

            {ResultTable.Markdown(results)}{plot}
            *`./rosa bench {figure.Name}`, {date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, {machine.Description}.*
            """));
    }

    /// <summary>The text with this section between its markers, which are added at the end when they are not there.</summary>
    public static string Replaced(string text, string name, string section)
    {
        var (open, close) = ($"<!-- {name} -->", $"<!-- end of {name} -->");
        var block = $"{open}\n{section}\n{close}";
        var from = text.IndexOf(open, StringComparison.Ordinal);
        var to = from < 0 ? -1 : text.IndexOf(close, from, StringComparison.Ordinal);
        return to < 0 ? $"{text.TrimEnd()}\n\n{block}\n" : text[..from] + block + text[(to + close.Length)..];
    }
}
