using System.ComponentModel.DataAnnotations;

namespace Rosa.Catalog;

/// <summary>A product's texts in a language beside the shop's own.</summary>
public sealed record ProductTexts([Required, PlainText, StringLength(200, MinimumLength = 1)] string Title, [Required, PlainText, StringLength(20_000)] string Description);

/// <param name="En">English; null where there is none.</param>
public sealed record ProductTranslations(ProductTexts? En);

/// <summary>What an employee says of a product; its stock is changed by the inventory alone.</summary>
/// <param name="Title">In French, the shop's language.</param>
/// <param name="Price">With at most two decimals, in the shop's currency.</param>
/// <param name="Category">The slug of a category that exists.</param>
/// <param name="ImageUrl">Of http, https, or a path of the shop.</param>
/// <param name="Sku">The shop's own number of the article; one product for sale has it.</param>
public record ProductContent(
    [Required, PlainText, StringLength(200, MinimumLength = 1)] string Title,
    [Required, PlainText, StringLength(20_000)] string Description,
    [Required, Money(MoreThanZero = true)] decimal? Price,
    [Required, PlainText, StringLength(100, MinimumLength = 1)] string Category,
    [ImageUrl, StringLength(2_000)] string? ImageUrl = null,
    ProductTranslations? Translations = null,
    [PlainText, StringLength(64, MinimumLength = 1)] string? Sku = null);

/// <param name="Quantity">Units on the shelf to begin with.</param>
public sealed record CreateProductRequest(
    string Title, string Description, decimal? Price, string Category, string? ImageUrl, ProductTranslations? Translations,
    [Required, Range(0, 1_000_000)] int? Quantity, string? Sku = null) : ProductContent(Title, Description, Price, Category, ImageUrl, Translations, Sku);

/// <summary>Text without characters that no database or page can hold.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
sealed class PlainTextAttribute() : ValidationAttribute("{0} holds a character that is not text.")
{
    public override bool IsValid(object? value) => value is not string text || !text.AsSpan().ContainsAnyInRange('\0', '\b');
}

/// <summary>An address that is safe as the source of a picture.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
sealed class ImageUrlAttribute() : ValidationAttribute("{0} is an http or https address or a path that begins with one slash.")
{
    public override bool IsValid(object? value) => value switch
    {
        null => true,
        string { Length: > 1 } path when path[0] == '/' => path[1] != '/' && !path.AsSpan().ContainsAny(" \\\"<>\0\r\n"),
        string address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && !address.AsSpan().ContainsAny(" \\\"<>\0\r\n"),
        _ => false,
    };
}
