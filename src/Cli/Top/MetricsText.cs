using System.Globalization;
using System.Text.RegularExpressions;

namespace Rosa.Cli.Top;

/// <summary>A page of <c>/metrics</c>, read.</summary>
sealed partial class MetricsText
{
    readonly List<(string Name, Dictionary<string, string> Labels, double Value)> samples = [];

    public static MetricsText Parse(string page)
    {
        var metrics = new MetricsText();
        foreach (var line in page.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (Sample().Match(line) is not { Success: true } sample) continue;
            var labels = Label().Matches(sample.Groups["labels"].Value).ToDictionary(label => label.Groups["name"].Value, label => label.Groups["value"].Value);
            var number = sample.Groups["value"].Value;
            metrics.samples.Add((sample.Groups["name"].Value, labels, number == "+Inf" ? double.PositiveInfinity : double.Parse(number, CultureInfo.InvariantCulture)));
        }
        return metrics;
    }

    /// <summary>All values of a name, with their labels.</summary>
    public IEnumerable<(IReadOnlyDictionary<string, string> Labels, double Value)> Of(string name) =>
        samples.Where(sample => sample.Name == name).Select(sample => ((IReadOnlyDictionary<string, string>)sample.Labels, sample.Value));

    public double Sum(string name) => Of(name).Sum(sample => sample.Value);

    [GeneratedRegex("""^(?<name>[A-Za-z_:][\w:]*)(\{(?<labels>.*)\})? (?<value>\S+)$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<name>\w+)="(?<value>([^"\\]|\\.)*)""" + "\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}
