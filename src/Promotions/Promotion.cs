using System.Data.Common;

namespace Rosa.Promotions;

/// <summary>What a code takes off, for whom and when.</summary>
/// <param name="Code">Upper-case.</param>
/// <param name="DiscountPercentage">Either this or <paramref name="DiscountAmount"/>.</param>
/// <param name="Category">A category's slug: the discount is on the lines of this category and of those below it.</param>
/// <param name="Automatic">In the catalog's prices, without a code that a customer types.</param>
sealed record Promotion(
    string Code, decimal? DiscountPercentage, decimal? DiscountAmount, DateTimeOffset ValidFrom, DateTimeOffset ValidUntil,
    int? MaxUses, int? MaxUsesPerUser, decimal? MinCartTotal, string? Category, bool Automatic, int UsageCount)
{
    public const string Columns =
        "p.code, p.discount_percentage, p.discount_amount, p.valid_from, p.valid_until, p.max_uses, p.max_uses_per_user, p.min_cart_total, p.category, p.automatic, p.usage_count";

    public const int ColumnCount = 11;

    /// <summary>Reads a row of <see cref="Columns"/>.</summary>
    public static Promotion Read(DbDataReader reader) => new(
        reader.GetString(0), Decimal(reader, 1), Decimal(reader, 2), new DateTimeOffset(reader.GetDateTime(3)), new DateTimeOffset(reader.GetDateTime(4)),
        Int(reader, 5), Int(reader, 6), Decimal(reader, 7), reader.IsDBNull(8) ? null : reader.GetString(8), reader.GetBoolean(9), reader.GetInt32(10));

    static decimal? Decimal(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDecimal(column);

    static int? Int(DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    /// <summary>How codes are stored and compared.</summary>
    public static string Normalise(string code) => code.Trim().ToUpperInvariant();
}
