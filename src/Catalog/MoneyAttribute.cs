using System.ComponentModel.DataAnnotations;

namespace Rosa.Catalog;

/// <summary>An amount that fits <c>numeric(12,2)</c>: not negative, at most two decimals that count.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
sealed class MoneyAttribute() : ValidationAttribute("{0} has at most two decimals and lies between 0 and 9999999999.99.")
{
    public const decimal Most = 9_999_999_999.99m;

    /// <summary>Whether 0 is refused, as for a price that somebody pays.</summary>
    public bool MoreThanZero { get; init; }

    public override bool IsValid(object? value) =>
        value is null || (value is decimal amount && amount <= Most && (MoreThanZero ? amount > 0 : amount >= 0) && decimal.Round(amount, 2) == amount);
}
