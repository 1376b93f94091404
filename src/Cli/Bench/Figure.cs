using Rosa.Cli.Bench.Figures;
using Rosa.Cli.Report;

namespace Rosa.Cli.Bench;

/// <summary>Something that is measured.</summary>
/// <param name="Name">What <c>rosa bench</c> calls it.</param>
/// <param name="Title">Its heading in the report.</param>
/// <param name="Method">How it is measured, for whoever reads the figures.</param>
/// <param name="Plot">A drawing of its results; null for none.</param>
sealed record Figure(string Name, string Title, string Method, Func<BenchRun, Task<IReadOnlyList<Result>>> MeasureAsync, Func<IReadOnlyList<Result>, BarPlot>? Plot = null)
{
    /// <summary>All there are, in the order they are measured.</summary>
    public static readonly IReadOnlyList<Figure> All =
    [
        Start.Figure,
        ProductReads.List,
        ProductReads.Detail,
        VerifyStock.Figure,
        Promo.Figure,
        Fronts.Figure,
        HeldConnections.Figure,
        CheckoutJourney.Figure,
        HotProduct.Figure,
        Memory.Figure,
        Growth.Figure,
        Recommend.Figure,
    ];
}
