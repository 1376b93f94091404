using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Rosa.Web;

/// <summary>Every sentence of the kit and of the front, by language: the embedded <c>Texts.fr.json</c> and <c>Texts.en.json</c> of both.</summary>
public sealed class TextFiles(Front front)
{
    readonly Dictionary<string, Texts> languages = Languages.All.ToDictionary(language => language, language => new Texts(language, Read(front.Assembly, language)));

    public Texts In(string language) => languages[language];

    static FrozenDictionary<string, string> Read(Assembly front, string language)
    {
        var texts = new Dictionary<string, string>();
        foreach (var assembly in (Assembly[])[typeof(TextFiles).Assembly, front])
        {
            using var file = assembly.GetManifestResourceStream($"texts/Texts.{language}.json");
            if (file is null) continue;
            foreach (var (key, text) in JsonSerializer.Deserialize<Dictionary<string, string>>(file)!) texts[key] = text;
        }
        return texts.ToFrozenDictionary();
    }
}

/// <summary>The sentences of one language, and how it writes amounts, dates and numbers. A key that does not exist is a bug and throws.</summary>
public sealed class Texts(string language, FrozenDictionary<string, string> texts)
{
    const char NarrowSpace = '\u202f';
    const char Space = '\u00a0';

    static readonly string[] frenchMonths = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
    static readonly string[] englishMonths = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    public string Language => language;

    bool IsFrench => language == Languages.French;

    public string this[string key] => texts.TryGetValue(key, out var text) ? text : throw new KeyNotFoundException($"There is no text {key} in {language}.");

    /// <summary>The sentence with its places <c>{0}</c>, <c>{1}</c> filled.</summary>
    public string With(string key, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.InvariantCulture, this[key], values);

    /// <summary><c>key.one</c> or <c>key.other</c> with the number in place of <c>{0}</c>. French counts nought and one as one, English only one.</summary>
    public string Count(string key, long count) =>
        string.Format(CultureInfo.InvariantCulture, this[IsFrench ? (count < 2 ? $"{key}.one" : $"{key}.other") : (count == 1 ? $"{key}.one" : $"{key}.other")], Number(count));

    /// <summary>The sentence when there is one, else null: for words made of codes.</summary>
    public string? Find(string key) => texts.GetValueOrDefault(key);

    /// <summary>What stands between a label and its value.</summary>
    public string Colon => IsFrench ? $"{Space}:" : ":";

    public string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', IsFrench ? NarrowSpace : ',');

    /// <summary><c>1 234,50 €</c> or <c>€1,234.50</c>.</summary>
    public string Price(decimal amount, string currency)
    {
        var sign = currency switch { "EUR" => "€", "USD" => "$", "GBP" => "£", _ => currency };
        var digits = Math.Abs(amount).ToString("#,0.00", CultureInfo.InvariantCulture);
        var minus = amount < 0 ? "−" : "";
        return IsFrench ? $"{minus}{digits.Replace(',', NarrowSpace).Replace('.', ',')}{Space}{sign}" : $"{minus}{sign}{(sign.Length > 1 ? Space : "")}{digits}";
    }

    public string Rating(decimal average) => average.ToString("0.0", CultureInfo.InvariantCulture).Replace('.', IsFrench ? ',' : '.');

    /// <summary><c>4 août 2026</c> or <c>4 August 2026</c>, in UTC.</summary>
    public string Date(DateTimeOffset at) => $"{at.UtcDateTime.Day}{(IsFrench && at.UtcDateTime.Day == 1 ? "er" : "")} {(IsFrench ? frenchMonths : englishMonths)[at.UtcDateTime.Month - 1]} {at.UtcDateTime.Year}";

    /// <summary>The date with the time, as <c>14:05</c> UTC.</summary>
    public string DateTime(DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{Date(at)}, {at.UtcDateTime:HH:mm}{Space}UTC");
}
