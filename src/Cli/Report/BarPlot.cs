using System.Globalization;
using System.Net;
using System.Text;

namespace Rosa.Cli.Report;

/// <param name="Ours">Rosa's own, drawn in its colour; the others are what it is compared with.</param>
/// <param name="Goal">Marked on the bar.</param>
sealed record Bar(string Label, double Value, bool Ours = false, double? Goal = null);

/// <summary>Bars from left to right, as SVG that reads on a light page and on a dark one.</summary>
sealed record BarPlot(string Title, IReadOnlyList<Bar> Bars)
{
    const int Width = 760, LabelWidth = 270, NumberWidth = 80, Top = 44, RowHeight = 30, BarHeight = 18;

    /// <summary>For figures that are orders of magnitude apart: a step is ten times as much, and bars begin at 1.</summary>
    public bool Logarithmic { get; init; }

    public string ToSvg()
    {
        var height = Top + (Bars.Count * RowHeight) + 10;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" role="img" aria-label="{Escaped(Title)}">
            <style>
              text {"{"} font: 14px system-ui, sans-serif; fill: #1f2328 {"}"} .title {"{"} font-weight: 600 {"}"}
              .ours {"{"} fill: #b3314f {"}"} .other {"{"} fill: #9aa4af {"}"} .goal {"{"} stroke: #1f2328; stroke-width: 2 {"}"}
              @media (prefers-color-scheme: dark) {"{"} text {"{"} fill: #e6edf3 {"}"} .ours {"{"} fill: #e8728c {"}"} .other {"{"} fill: #6e7781 {"}"} .goal {"{"} stroke: #e6edf3 {"}"} {"}"}
            </style>
            <text class="title" x="0" y="20">{Escaped(Title)}</text>

            """);
        for (var i = 0; i < Bars.Count; i++) Draw(svg, Bars[i], top: Top + (i * RowHeight));
        return svg.Append("</svg>\n").ToString();
    }

    void Draw(StringBuilder svg, Bar bar, int top)
    {
        var length = Length(bar.Value);
        svg.Append(CultureInfo.InvariantCulture, $"""
            <text x="{LabelWidth - 10}" y="{top + 14}" text-anchor="end">{Escaped(bar.Label)}</text>
            <rect class="{(bar.Ours ? "ours" : "other")}" x="{LabelWidth}" y="{top}" width="{length:0.0}" height="{BarHeight}" rx="2"/>
            <text x="{LabelWidth + Math.Max(length, bar.Goal is { } marked ? Length(marked) : 0) + 8:0.0}" y="{top + 14}">{bar.Value.ToString(bar.Value < 10 ? "0.##" : "#,0", CultureInfo.InvariantCulture)}</text>

            """);
        if (bar.Goal is { } goal)
        {
            var at = LabelWidth + Length(goal);
            svg.Append(CultureInfo.InvariantCulture, $"""<line class="goal" x1="{at:0.0}" x2="{at:0.0}" y1="{top - 3}" y2="{top + BarHeight + 3}"><title>goal: {goal}</title></line>""").Append('\n');
        }
    }

    double Length(double value)
    {
        var largest = Math.Max(1e-9, Bars.Max(bar => Math.Max(bar.Value, bar.Goal ?? 0)));
        var share = Logarithmic ? Math.Log10(Math.Max(1, value)) / Math.Max(1e-9, Math.Log10(Math.Max(1, largest))) : value / largest;
        return Math.Max(1, share * (Width - LabelWidth - NumberWidth));
    }

    static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
