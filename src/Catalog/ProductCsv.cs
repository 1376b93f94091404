using System.Globalization;

namespace Rosa.Catalog;

/// <summary>What a line of a product file says.</summary>
/// <param name="Number">In the file, the header being 1.</param>
/// <param name="Quantity">Counts when the product is new.</param>
sealed record ProductLine(
    int Number, Guid? ProductId, string? Sku, string Title, string Description, decimal Price, string Category, string? ImageUrl, int Quantity, ProductTranslations? Translations);

/// <summary>The columns of product files: names, order, and how their cells are written and read.</summary>
sealed class ProductCsv
{
    public static readonly IReadOnlyList<string> Columns = ["productId", "sku", "title", "description", "price", "category", "imageUrl", "quantity", "titleEn", "descriptionEn"];

    static readonly string[] required = ["title", "description", "price", "category"];

    static readonly PlainTextAttribute plainText = new();
    static readonly MoneyAttribute money = new() { MoreThanZero = true };
    static readonly ImageUrlAttribute imageUrl = new();

    readonly Dictionary<string, int> places;
    readonly char decimalComma;

    ProductCsv(Dictionary<string, int> places, char separator)
    {
        this.places = places;
        decimalComma = separator == ';' ? ',' : '.';   // spreadsheets that part cells with semicolons do so because their decimals have commas
    }

    /// <summary>Whether the file says something of it; what it does not name stays as it is.</summary>
    public bool Has(string column) => places.ContainsKey(column);

    /// <summary>The columns of a file by its header, or what is wrong with that.</summary>
    public static (ProductCsv? Csv, string? Wrong) Of(IReadOnlyList<string> header, char separator)
    {
        var places = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var place = 0; place < header.Count; place++)
        {
            var name = header[place].Trim();
            if (!Columns.Contains(name, StringComparer.OrdinalIgnoreCase)) return (null, $"There is no column “{Shortened(name)}”. There are {string.Join(", ", Columns)}.");
            if (!places.TryAdd(name, place)) return (null, $"The column {name} is there twice.");
        }
        var missing = required.Where(name => !places.ContainsKey(name)).ToList();
        if (missing.Count > 0) return (null, $"The header does not name {string.Join(", ", missing)}.");
        if (places.ContainsKey("titleEn") != places.ContainsKey("descriptionEn")) return (null, "titleEn and descriptionEn come together.");
        return (new ProductCsv(places, separator), null);
    }

    /// <summary>What a line says, or why it cannot be understood.</summary>
    public (ProductLine? Line, string? Wrong) Read(IReadOnlyList<string> cells, int number)
    {
        if (cells.Count != places.Count) return (null, $"It has {cells.Count} cells, and the header has {places.Count}.");

        string? Text(string column) => places.TryGetValue(column, out var place) && Unguarded(cells[place]) is { Length: > 0 } text ? text : null;

        Guid? productId = null;
        if (Text("productId") is { } id)
        {
            if (!Guid.TryParse(id, out var parsed)) return (null, "productId is not an id.");
            productId = parsed;
        }
        if (WrongText("title", Text("title"), 200) is { } wrongTitle) return (null, wrongTitle);
        if (WrongText("description", Text("description"), 20_000) is { } wrongDescription) return (null, wrongDescription);
        if (WrongText("category", Text("category"), 100) is { } wrongCategory) return (null, wrongCategory);
        if (Text("sku") is { } sku && WrongText("sku", sku, 64) is { } wrongSku) return (null, wrongSku);
        if (Text("imageUrl") is { } url && (url.Length > 2_000 || !imageUrl.IsValid(url))) return (null, "imageUrl is an http or https address or a path that begins with one slash.");
        if (!decimal.TryParse(Text("price")?.Trim().Replace(decimalComma, '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) || !money.IsValid(price))
            return (null, "price is more than 0 and has at most two decimals.");
        var quantity = 0;
        if (Text("quantity") is { } units && (!int.TryParse(units.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out quantity) || quantity > 1_000_000))
            return (null, "quantity is a whole number from 0 to 1000000.");

        ProductTranslations? translations = null;
        if (Text("titleEn") is { } titleEn)
        {
            if ((WrongText("titleEn", titleEn, 200) ?? WrongText("descriptionEn", Text("descriptionEn"), 20_000)) is { } wrongEnglish) return (null, wrongEnglish);
            translations = new ProductTranslations(new ProductTexts(titleEn, Text("descriptionEn")!));
        }
        else if (Text("descriptionEn") is not null)
        {
            return (null, "descriptionEn has no titleEn.");
        }
        return (new ProductLine(number, productId, Text("sku"), Text("title")!, Text("description")!, price, Text("category")!, Text("imageUrl"), quantity, translations), null);
    }

    static string? WrongText(string column, string? text, int longest) =>
        string.IsNullOrWhiteSpace(text) ? $"{column} is empty."
        : text.Length > longest ? $"{column} has more than {longest} characters."
        : text.Contains('\uFFFD', StringComparison.Ordinal) ? $"{column} is not in UTF-8."
        : plainText.IsValid(text) ? null : $"{column} holds a character that is not text.";

    /// <summary>A cell that no spreadsheet takes for a formula: one that begins like one, after any apostrophes, gets one apostrophe more.</summary>
    public static string Guarded(string cell) => LooksLikeFormula(cell) ? "'" + cell : cell;

    public static string Unguarded(string cell) => cell.Length > 0 && cell[0] == '\'' && LooksLikeFormula(cell) ? cell[1..] : cell;

    static bool LooksLikeFormula(string cell)
    {
        var text = cell.AsSpan().TrimStart('\'');
        return text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r';
    }

    static string Shortened(string name) => name.Length > 40 ? name[..40] + "…" : name;
}
