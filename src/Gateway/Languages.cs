using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Rosa.Gateway;

/// <summary>Which of the shop's languages a reader prefers; answers are kept by it.</summary>
static class Languages
{
    const string French = "fr";
    const string English = "en";
    const string NoWish = "";

    /// <summary><c>fr</c>, <c>en</c>, or empty when neither is wished for: the service then takes its own.</summary>
    public static string Of(StringValues accepted)
    {
        if (accepted.Count == 0) return NoWish;
        if (accepted.Count == 1 && First(accepted[0]) is { } language) return language;
        if (!StringWithQualityHeaderValue.TryParseList(accepted, out var wishes)) return NoWish;

        var best = NoWish;
        var quality = 0.0;
        foreach (var wish in wishes)
        {
            var wished = Is(wish.Value.AsSpan(), French) ? French : Is(wish.Value.AsSpan(), English) ? English : NoWish;
            if (wished.Length == 0 || (wish.Quality ?? 1) <= quality) continue;
            (best, quality) = (wished, wish.Quality ?? 1);
        }
        return best;
    }

    /// <summary>The first wish, when it is unconditional and thus the strongest: what browsers send.</summary>
    static string? First(ReadOnlySpan<char> accepted)
    {
        var first = accepted.IndexOf(',') is >= 0 and var end ? accepted[..end] : accepted;
        return first.Contains(';') ? null : Is(first, French) ? French : Is(first, English) ? English : null;
    }

    static bool Is(ReadOnlySpan<char> tag, string language) =>
        tag.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (tag.Length == language.Length || tag[language.Length] == '-');
}
