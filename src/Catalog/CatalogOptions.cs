using System.ComponentModel.DataAnnotations;

namespace Rosa.Catalog;

/// <summary>The settings of the section <c>Catalog</c>.</summary>
sealed class CatalogOptions
{
    /// <summary>How long stock is held for an order that does not say it. Default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ReservationTtl { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The longest that an order may ask stock to be held. Default one day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan LongestReservation { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How often reservations that nobody committed are looked for. Default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan ExpirySweepEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the automatic discounts are asked of Promotions. Default 3 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan DiscountsRefreshEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the last known discounts count while Promotions does not answer. Default one minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan DiscountsKeptFor { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often the changes of product counts are summed up. Default one minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CountsSummedUpEvery { get; init; } = TimeSpan.FromMinutes(1);
}
