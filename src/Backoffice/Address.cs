namespace Rosa.Backoffice;

/// <summary>Addresses with a query; members without a value are left out.</summary>
static class Address
{
    public static string Of(string path, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var address = new System.Text.StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in query)
        {
            if (string.IsNullOrEmpty(value)) continue;
            address.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }
        return address.ToString();
    }

    /// <summary>As a segment of a path.</summary>
    public static string Segment(string text) => Uri.EscapeDataString(text);
}
