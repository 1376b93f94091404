namespace Rosa.Gateway;

/// <summary>A path and query with the parameters in the order of their names: <c>?page=2&amp;limit=5</c> asks what <c>?limit=5&amp;page=2</c> does.</summary>
static class SortedQuery
{
    public static string Of(string target)
    {
        var question = target.IndexOf('?');
        if (question < 0 || IsSorted(target.AsSpan(question + 1))) return target;
        var parts = target[(question + 1)..].Split('&');
        return string.Concat(target.AsSpan(0, question + 1), string.Join('&', parts.OrderBy(Name, StringComparer.Ordinal)));
    }

    static bool IsSorted(ReadOnlySpan<char> query)
    {
        ReadOnlySpan<char> before = default;
        foreach (var range in query.Split('&'))
        {
            var part = query[range];
            var name = part.IndexOf('=') is >= 0 and var end ? part[..end] : part;
            if (name.SequenceCompareTo(before) < 0) return false;
            before = name;
        }
        return true;
    }

    static string Name(string part) => part.IndexOf('=') is >= 0 and var end ? part[..end] : part;
}
