using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Npgsql;
using NpgsqlTypes;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Promotions;

/// <summary>What an employee sends to create a promotion, or to change one.</summary>
/// <param name="Code">Letters, digits, hyphens and underscores; upper and lower case are the same.</param>
/// <param name="DiscountPercentage">More than 0, at most 100, two decimals. Either this or <paramref name="DiscountAmount"/>.</param>
/// <param name="DiscountAmount">Taken off as it is, but never more than the total.</param>
/// <param name="ValidUntil">The first moment at which it is no longer valid.</param>
/// <param name="MinCartTotal">What the whole cart has to come to.</param>
/// <param name="Category">The slug of a category: only its products, and those of the categories below it, are discounted.</param>
/// <param name="Automatic">In the catalog's prices, without a code. Such a discount counts no uses and knows no cart, so it has none of those limits.</param>
public sealed record PromotionTerms(
    string? Code, decimal? DiscountPercentage, decimal? DiscountAmount, [Required] DateTimeOffset? ValidFrom, [Required] DateTimeOffset? ValidUntil,
    [Range(1, int.MaxValue)] int? MaxUses, [Range(1, int.MaxValue)] int? MaxUsesPerUser, decimal? MinCartTotal,
    [MaxLength(100), RegularExpression("^[a-z0-9]+(-[a-z0-9]+)*$", ErrorMessage = "A category is given by its slug.")] string? Category, bool? Automatic)
{
    const int LongestCode = 40;
    const decimal MostMoney = 9_999_999_999.99m;   // numeric(12,2)

    /// <summary>Why these are no terms of a promotion, or null.</summary>
    internal Problem? Check()
    {
        if ((DiscountPercentage is null) == (DiscountAmount is null)) return Problem.Validation("discountPercentage", "Give either a percentage or an amount.");
        if (DiscountPercentage is <= 0 or > 100) return Problem.Validation("discountPercentage", "A percentage is more than 0 and at most 100.");
        if (DiscountAmount is <= 0 or > MostMoney) return Problem.Validation("discountAmount", "An amount is more than zero.");
        if (MinCartTotal is < 0 or > MostMoney) return Problem.Validation("minCartTotal", "A total is not below zero.");
        if (HasMoreThanTwoDecimals(DiscountPercentage)) return Problem.Validation("discountPercentage", "A percentage has two decimals at most.");
        if (HasMoreThanTwoDecimals(DiscountAmount)) return Problem.Validation("discountAmount", "An amount has two decimals at most.");
        if (HasMoreThanTwoDecimals(MinCartTotal)) return Problem.Validation("minCartTotal", "An amount has two decimals at most.");
        if (ValidFrom >= ValidUntil) return Problem.Validation("validUntil", "A promotion ends after it begins.");
        if (Automatic == true && (MaxUses ?? MaxUsesPerUser ?? MinCartTotal) is not null)
        {
            return Problem.Validation("automatic", "An automatic discount is in the prices: it has no maxUses, maxUsesPerUser or minCartTotal.");
        }
        return null;
    }

    internal static Problem? CheckCode(string? code) =>
        code is { Length: >= 1 and <= LongestCode } && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? null
            : Problem.Validation("code", $"A code has 1 to {LongestCode} letters, digits, hyphens or underscores.");

    internal Promotion ToPromotion(string code) => new(
        code, DiscountPercentage, DiscountAmount, ValidFrom!.Value.ToUniversalTime(), ValidUntil!.Value.ToUniversalTime(),
        MaxUses, MaxUsesPerUser, MinCartTotal, Category, Automatic ?? false, UsageCount: 0);

    static bool HasMoreThanTwoDecimals(decimal? number) => number is { } n && decimal.Round(n, 2) != n;
}

/// <summary>A promotion as it is shown; customers see no limits.</summary>
public sealed record PromotionView(
    string Code, decimal? DiscountPercentage,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? DiscountAmount,
    DateTimeOffset ValidFrom, DateTimeOffset ValidUntil, int UsageCount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxUses,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? MaxUsesPerUser,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? MinCartTotal,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Category,
    bool Automatic)
{
    internal static PromotionView Of(Promotion p) => new(
        p.Code, p.DiscountPercentage, p.DiscountAmount, p.ValidFrom, p.ValidUntil, p.UsageCount, p.MaxUses, p.MaxUsesPerUser, p.MinCartTotal, p.Category, p.Automatic);

    internal PromotionView For(Caller caller) => caller.IsEmployee ? this : this with { MaxUses = null, MaxUsesPerUser = null };
}

/// <summary>What the statements that write a promotion share.</summary>
static class PromotionRow
{
    /// <summary>The promotion's ten terms, in the order of <see cref="Promotion"/>.</summary>
    public static void AddTo(NpgsqlParameterCollection parameters, Promotion p)
    {
        parameters.Add(new NpgsqlParameter<string> { TypedValue = p.Code });
        parameters.Add(Optional(p.DiscountPercentage, NpgsqlDbType.Numeric));
        parameters.Add(Optional(p.DiscountAmount, NpgsqlDbType.Numeric));
        parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = p.ValidFrom.UtcDateTime });
        parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = p.ValidUntil.UtcDateTime });
        parameters.Add(Optional(p.MaxUses, NpgsqlDbType.Integer));
        parameters.Add(Optional(p.MaxUsesPerUser, NpgsqlDbType.Integer));
        parameters.Add(Optional(p.MinCartTotal, NpgsqlDbType.Numeric));
        parameters.Add(Optional(p.Category, NpgsqlDbType.Text));
        parameters.Add(new NpgsqlParameter<bool> { TypedValue = p.Automatic });
    }

    static NpgsqlParameter Optional(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
