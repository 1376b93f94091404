using System.Text.RegularExpressions;
using Npgsql;

namespace Rosa.Catalog;

/// <summary>
/// What somebody may have meant whose search finds nothing: each word replaced by the nearest that a title has, up to one letter off in short words
/// and three in long ones.
/// </summary>
static partial class NearestWords
{
    const int MostWords = 8;

    /// <summary>The search in other words, or null when there are none.</summary>
    public static async Task<string?> OfAsync(string search, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        // Who writes quotes, exclusions or alternatives knows what they look for.
        if (search.Contains('"', StringComparison.Ordinal) || search.Contains('-', StringComparison.Ordinal)) return null;
        string[] words = [.. Words().Matches(search).Select(match => match.Value)];
        if (words.Length is 0 or > MostWords) return null;

        await using var command = source.CreateCommand(
            """
            select coalesce(nearest.word, asked.word)
            from unnest($1::text[]) with ordinality given (word, place)
            cross join lateral (select lower(unaccent(given.word)) as word, case when length(given.word) < 5 then 1 when length(given.word) < 8 then 2 else 3 end as letters_off) asked
            left join lateral (
              select near.word
              from (select word from title_words order by word <-> asked.word limit 100) near
              where length(asked.word) >= 3 and levenshtein_less_equal(near.word, asked.word, asked.letters_off) <= asked.letters_off
              order by levenshtein(near.word, asked.word), near.word <-> asked.word, near.word
              limit 1
            ) nearest on true
            order by given.place
            """);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = words });
        var nearest = new List<string>(words.Length);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) nearest.Add(reader.GetString(0));
        var meant = string.Join(' ', nearest);
        return meant == string.Join(' ', words) ? null : meant;
    }

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]{1,30}")]
    private static partial Regex Words();
}
