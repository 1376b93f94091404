using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rosa.Web;

namespace Rosa.Storefront.Tests;

public sealed partial class TextsTests
{
    static readonly string source = Source();

    static string Source([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "src"));

    static Dictionary<string, string> Read(string front, string language) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(source, front, $"Texts.{language}.json")))!;

    public static TheoryData<string> Fronts() =>
        [.. Directory.GetFiles(source, "Texts.fr.json", SearchOption.AllDirectories).Where(file => !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(file => Path.GetFileName(Path.GetDirectoryName(file)!))];

    [Theory]
    [MemberData(nameof(Fronts))]
    public void Both_languages_say_the_same_things_with_the_same_places(string front)
    {
        var (french, english) = (Read(front, "fr"), Read(front, "en"));
        Assert.Empty(french.Keys.Except(english.Keys));
        Assert.Empty(english.Keys.Except(french.Keys));
        // Counts may leave the number out: "Plus qu'un".
        foreach (var key in french.Keys.Where(key => !key.EndsWith(".one", StringComparison.Ordinal))) Assert.Equal(Places().Matches(french[key]).Select(m => m.Value).Order(), Places().Matches(english[key]).Select(m => m.Value).Order());
    }

    [Theory]
    [MemberData(nameof(Fronts))]
    public void Every_text_that_is_asked_for_by_name_exists(string front)
    {
        var known = Read("Web", "fr").Keys.Union(Read(front, "fr").Keys).ToHashSet();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(source, front), "*", SearchOption.AllDirectories).Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal)))
        {
            if (file.Contains("/obj/", StringComparison.Ordinal)) continue;
            var text = File.ReadAllText(file);
            foreach (var key in Asked().Matches(text).Select(match => match.Groups[1].Value)) Assert.True(known.Contains(key), $"{Path.GetFileName(file)}: {key}");
            foreach (var key in Counted().Matches(text).Select(match => match.Groups[1].Value)) Assert.True(known.Contains($"{key}.one") && known.Contains($"{key}.other"), $"{Path.GetFileName(file)}: {key}");
        }
    }

    [Theory]
    [InlineData("fr", 1234.5, "1\u202f234,50\u00a0€")]
    [InlineData("en", 1234.5, "€1,234.50")]
    [InlineData("fr", -3, "−3,00\u00a0€")]
    [InlineData("en", 0.05, "€0.05")]
    public void Amounts_are_written_as_the_language_writes_them(string language, double amount, string written) =>
        Assert.Equal(written, new TextFiles(new Front(typeof(StorefrontService).Assembly)).In(language).Price((decimal)amount, "EUR"));

    [Theory]
    [InlineData("fr", 0, "0 produit")]
    [InlineData("fr", 1, "1 produit")]
    [InlineData("fr", 2, "2 produits")]
    [InlineData("en", 0, "0 products")]
    [InlineData("en", 1, "1 product")]
    public void Counts_follow_the_language(string language, int count, string written) =>
        Assert.Equal(written, new TextFiles(new Front(typeof(StorefrontService).Assembly)).In(language).Count("products", count));

    [Theory]
    [InlineData("Brosse à vitre, magnétique", "brosse-a-vitre-magnetique")]
    [InlineData("  Œufs & cœur — 6 × 150 g ", "oeufs-coeur-6-150-g")]
    [InlineData("日本", "product")]
    public void A_title_in_an_address_has_letters_digits_and_hyphens(string title, string slug) => Assert.Equal(slug, Slug.Of(title));

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Places();

    [GeneratedRegex("""(?:T|[tT]exts)(?:\[|\.With\()"([a-z][\w.-]*)"[\],)]""")]
    private static partial Regex Asked();

    [GeneratedRegex("""\.Count\("([a-z][\w.-]*)",""")]
    private static partial Regex Counted();
}
