namespace Rosa.Web;

/// <summary>Whose shop it is: its name, its look, its address.</summary>
public sealed class Shop(WebOptions options)
{
    public string Theme => options.Theme;

    public string Name { get; } = options.Name ?? (options.Theme == "greenleaf" ? "GreenLeaf" : "Mamie Rosa");

    public string Currency => options.Currency;

    /// <summary>The asset that is the shop's sign.</summary>
    public string Logo => options.LogoFile is null ? $"logo-{options.Theme}.svg" : "logo-own.svg";

    public Uri? PublicUrl => options.PublicUrl;
}
