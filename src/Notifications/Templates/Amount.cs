using System.Globalization;

namespace Rosa.Notifications.Templates;

/// <summary>Money, and what goes with it, as people write it: <c>1 234,50 €</c>, <c>€1,234.50</c>.</summary>
static class Amount
{
    // Written out because the service runs without the cultures of the operating system.
    static readonly NumberFormatInfo french = new() { NumberDecimalSeparator = ",", NumberGroupSeparator = "\u202f", NegativeSign = "\u2212" };
    static readonly NumberFormatInfo english = new() { NumberDecimalSeparator = ".", NumberGroupSeparator = ",", NegativeSign = "\u2212" };

    public static string Write(decimal amount, string currency, string language)
    {
        var symbol = currency == "EUR" ? "€" : currency;
        if (language != "en") return $"{amount.ToString("N2", french)}\u00a0{symbol}";
        var sign = amount < 0 ? english.NegativeSign : "";
        var between = symbol.Length > 1 ? "\u00a0" : "";
        return $"{sign}{symbol}{between}{Math.Abs(amount).ToString("N2", english)}";
    }

    /// <summary><c>12,5 %</c>, <c>12.5%</c>.</summary>
    public static string Percentage(decimal percentage, string language) =>
        language == "en" ? percentage.ToString("0.##", english) + "%" : percentage.ToString("0.##", french) + "\u00a0%";

    /// <summary><c>24/12/2026</c>, <c>24 Dec 2026</c>; the day in UTC.</summary>
    public static string Day(DateTimeOffset at, string language) =>
        at.UtcDateTime.ToString(language == "en" ? "d MMM yyyy" : "dd/MM/yyyy", CultureInfo.InvariantCulture);
}
