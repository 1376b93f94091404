using System.Text.RegularExpressions;

namespace Rosa.Notifications.Templates;

/// <summary>Texts with <c>{{name}}</c> in them. A name stands for a value and for nothing else: there is nothing to run.</summary>
static partial class Placeholders
{
    public static string Fill(string text, Func<string, string> valueOf) =>
        text.Contains("{{", StringComparison.Ordinal) ? Placeholder().Replace(text, found => valueOf(found.Groups[1].Value)) : text;

    public static IEnumerable<string> NamesIn(string text) => Placeholder().Matches(text).Select(found => found.Groups[1].Value).Distinct();

    /// <summary>Whether there are braces that are no placeholder: somebody meant one and mistyped it.</summary>
    public static bool HasStrayBraces(string text) => Placeholder().Replace(text, "") is var rest
        && (rest.Contains("{{", StringComparison.Ordinal) || rest.Contains("}}", StringComparison.Ordinal));

    [GeneratedRegex(@"\{\{\s*([A-Za-z][A-Za-z0-9.]{0,60})\s*\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
