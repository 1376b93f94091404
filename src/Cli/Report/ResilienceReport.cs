using System.Globalization;
using System.Text;
using Rosa.Cli.Chaos.Faults;
using Rosa.Cli.Load;

namespace Rosa.Cli.Report;

/// <summary><c>docs/resilience.md</c>: the table of all faults with how it was made, and a plot of the orders that went on meanwhile.</summary>
static class ResilienceReport
{
    const string Path = "docs/resilience.md", Plot = "docs/images/resilience.svg";

    /// <returns>The report's path from the checkout's root.</returns>
    public static string Write(RosaCheckout checkout, IReadOnlyList<FaultResult> results, int people, int seed)
    {
        File.WriteAllText(System.IO.Path.Combine(checkout.Root, Plot), FaultPlot.ToSvg(results));
        File.WriteAllText(System.IO.Path.Combine(checkout.Root, Path), $"""
            # What happens when things break

            `./rosa chaos` starts Rosa as many processes on one machine (`./rosa up --distributed`, with PostgreSQL, RabbitMQ, Redis and Caddy) and breaks it in one way after the other while
            {people} people buy: each looks at a product, puts it into the cart, orders it, and rests for a second. One order in ten is of something that is nearly sold out. Who gets a broken
            answer asks again, and the order with the same `Idempotency-Key`, for half a minute; only then a request counts as failed. Before the first fault they shop for three quarters of a
            minute, as in any shop that a fault finds: just started, twenty processes are still compiling. When nothing is under way any more, what people were told is
            compared with the orders, the payment provider's books, the stock and the messages sent.

            - *repeated*: requests whose first answer was broken. *failed*: those that had none in half a minute.
            - *longest gap*: in which no order was confirmed. *healed*: from the end of the fault to the last broken answer. *whole*: until every process was back and ready.
            - *lost*: orders that a customer was told of and that are not confirmed. *charged twice*, *oversold*: as they say. *other damage*: doubled orders, money kept without an order,
              orders without money, confirmed orders of which no message tells.

            {FaultTable.Markdown(results)}
            ![Orders a second during each fault](images/resilience.svg)

            | fault | what is done |
            | --- | --- |
            {string.Join('\n', results.Select(result => $"| {result.Fault.Name} | {result.Fault.What} |"))}

            *`./rosa chaos --seed {seed}`, {DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, {Machine.ThisOne().Description}.*

            """);
        return Path;
    }
}

/// <summary>A line a fault: how many orders were confirmed in each half second, and when the shop was broken.</summary>
static class FaultPlot
{
    const int Width = 760, LabelWidth = 150, RowHeight = 34, Top = 44;

    public static string ToSvg(IReadOnlyList<FaultResult> results)
    {
        var height = Top + (results.Count * RowHeight) + 10;
        var longest = Math.Max(1, results.Max(result => result.Rates.Count));
        var most = Math.Max(1, results.Max(result => result.Rates.DefaultIfEmpty().Max()));
        var step = (Width - LabelWidth - 10) / (double)longest;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{Width}} {{height}}" width="{{Width}}" height="{{height}}" role="img" aria-label="Orders confirmed while the shop is broken">
            <style>
              text { font: 13px system-ui, sans-serif; fill: #1f2328 } .title { font-weight: 600; font-size: 14px }
              .rate { fill: #b3314f } .broken { stroke: #1f2328; stroke-width: 1.5 }
              @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .rate { fill: #e8728c } .broken { stroke: #e6edf3 } }
            </style>
            <text class="title" x="0" y="20">Orders confirmed in each half second (highest bar: {{most}}); the line is where the shop is broken</text>

            """);
        for (var row = 0; row < results.Count; row++)
        {
            var foot = Top + (row * RowHeight) + RowHeight - 8;
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{LabelWidth - 10}\" y=\"{foot - 4}\" text-anchor=\"end\">{results[row].Fault.Name}</text>\n<path class=\"rate\" d=\"");
            for (var i = 0; i < results[row].Rates.Count; i++)
            {
                var bar = results[row].Rates[i] * (RowHeight - 8.0) / most;
                if (bar > 0) svg.Append(CultureInfo.InvariantCulture, $"M{LabelWidth + (i * step):0.0} {foot}v-{bar:0.0}h{Math.Max(0.5, step - 0.4):0.0}v{bar:0.0}z");
            }
            var at = LabelWidth + (results[row].BrokenAt / FaultRun.Slot * step);
            svg.Append(CultureInfo.InvariantCulture, $"\"/>\n<line class=\"broken\" x1=\"{at:0.0}\" x2=\"{at:0.0}\" y1=\"{foot - RowHeight + 8}\" y2=\"{foot + 3}\"/>\n");
        }
        return svg.Append("</svg>\n").ToString();
    }
}
