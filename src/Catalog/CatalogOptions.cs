using System.ComponentModel.DataAnnotations;

namespace Rosa.Catalog;

/// <summary>The settings of the section <c>Catalog</c>.</summary>
sealed class CatalogOptions
{
    /// <summary>
    /// Whether this instance only reads: it has no route that writes and does no background work, so that its role in the database may only select.
    /// Default false.
    /// </summary>
    public bool ReadOnly { get; init; }

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

    /// <summary>From how few units on the employees are told that a product runs out, unless it has a figure of its own. Default 5.</summary>
    [Range(0, 1_000_000)]
    public int LowStock { get; init; } = 5;

    /// <summary>The largest file of products that is imported, in bytes. Default 100 MB.</summary>
    [Range(1_000, 2_000_000_000)]
    public int LargestImport { get; init; } = 100_000_000;

    public ImagesOptions Images { get; init; } = new();
}

/// <summary>Uploaded pictures, section <c>Catalog:Images</c>.</summary>
sealed class ImagesOptions
{
    /// <summary>The folder that they are stored in when no bucket is named; a relative one lies beside the program. Default <c>images</c>.</summary>
    [Required]
    public string Folder { get; init; } = "images";

    /// <summary>The largest file that is taken, in bytes. Default 10 MB.</summary>
    [Range(1_000, 100_000_000)]
    public int LargestBytes { get; init; } = 10_000_000;

    /// <summary>How many pictures a product may have. Default 20.</summary>
    [Range(1, 100)]
    public int MostPerProduct { get; init; } = 20;

    public S3Options S3 { get; init; } = new();
}

/// <summary>Storage that speaks S3, section <c>Catalog:Images:S3</c>.</summary>
sealed class S3Options
{
    /// <summary>The bucket. Without one pictures are stored in the folder.</summary>
    public string? Bucket { get; init; }

    /// <summary>The address of a storage that is not Amazon's.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Default <c>us-east-1</c>.</summary>
    [Required]
    public string Region { get; init; } = "us-east-1";

    /// <summary>Set together with <see cref="SecretKey"/>; without them the machine's or container's own role is used.</summary>
    public string? AccessKey { get; init; }

    public string? SecretKey { get; init; }
}
