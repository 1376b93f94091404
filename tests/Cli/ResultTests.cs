using Rosa.Cli.Bench;
using Rosa.Cli.Report;

namespace Rosa.Cli.Tests;

public class ResultTests
{
    static readonly Result list = new("list", new("rps", 15_312.4, Goal.Least(15_000)), new("p99_ms", 6.1234, Goal.Most(5)), new("ratio", 0.54321));

    [Fact]
    public void A_result_is_one_line_of_JSON() => Assert.Equal("""{"figure":"list","rps":15312,"p99_ms":6.12,"ratio":0.543}""", list.ToJson());

    [Fact]
    public void The_table_sets_what_was_measured_beside_its_goal() => Assert.Equal(
        """
        figure  measure  measured      goal
        list    rps        15,312  ≥ 15,000  reached
                p99_ms       6.12       ≤ 5  missed
                ratio       0.543

        """, ResultTable.Text([list]));

    [Fact]
    public void A_section_of_the_report_is_replaced_where_it_stands()
    {
        var first = BenchmarkReport.Replaced("# Benchmarks\n\nWritten by hand.\n", "list", "old");
        var second = BenchmarkReport.Replaced(first, "detail", "other");
        Assert.Equal(
            """
            # Benchmarks

            Written by hand.

            <!-- list -->
            new
            <!-- end of list -->

            <!-- detail -->
            other
            <!-- end of detail -->

            """, BenchmarkReport.Replaced(second, "list", "new"));
    }

    [Fact]
    public void A_plot_is_well_formed_whatever_its_labels_say()
    {
        var svg = new BarPlot("Orders < a & b", [new("\"quoted\"", 3, Ours: true, Goal: 500), new("none", 0)]) { Logarithmic = true }.ToSvg();
        var document = System.Xml.Linq.XDocument.Parse(svg);
        Assert.Equal(2, document.Descendants().Count(element => element.Name.LocalName == "rect"));
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_figure_has_a_name_of_its_own() => Assert.Equal(Figure.All.Count, Figure.All.Select(figure => figure.Name).Distinct().Count());
}
