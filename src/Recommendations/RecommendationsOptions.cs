using System.ComponentModel.DataAnnotations;

namespace Rosa.Recommendations;

/// <summary>The section <c>Recommendations</c>.</summary>
public sealed class RecommendationsOptions
{
    /// <summary>How long the catalog may take to say what is in stock; then the answer is 503. Default 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan CatalogWithin { get; init; } = TimeSpan.FromSeconds(1);
}
