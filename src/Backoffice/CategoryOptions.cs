namespace Rosa.Backoffice;

/// <summary>The tree of categories as a list to choose from.</summary>
static class CategoryOptions
{
    public static IEnumerable<(string Value, string Text)> Of(CategoryTree tree, string? none)
    {
        var all = tree.Flat().Select(entry => (entry.Category.Slug, $"{string.Concat(Enumerable.Repeat("\u2003", entry.Depth))}{entry.Category.Title}"));
        return none is null ? all : all.Prepend(("", none));
    }
}
