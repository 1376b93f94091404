using System.ComponentModel.DataAnnotations;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <summary>A category's name in a language beside the shop's own.</summary>
public sealed record CategoryTexts([Required, PlainText, StringLength(200, MinimumLength = 1)] string Title);

/// <param name="En">English; null where there is none.</param>
public sealed record CategoryTranslations(CategoryTexts? En);

/// <summary>What an employee says of a category. Its slug stands in addresses and never changes.</summary>
/// <param name="Title">In French, the shop's language.</param>
/// <param name="Parent">The slug of the category that it lies in; null at the top.</param>
/// <param name="Position">Among its neighbours, the lowest first.</param>
public record CategoryContent(
    [Required, PlainText, StringLength(200, MinimumLength = 1)] string Title,
    [StringLength(100, MinimumLength = 1), PlainText] string? Parent = null,
    CategoryTranslations? Translations = null,
    [Range(0, 1_000_000)] int Position = 0);

/// <param name="Slug">Small letters, digits and single hyphens: <c>dog-food</c>.</param>
public sealed record CreateCategoryRequest(
    [Required, StringLength(100, MinimumLength = 1), RegularExpression("^[a-z0-9]+(-[a-z0-9]+)*$")] string Slug,
    string Title, string? Parent = null, CategoryTranslations? Translations = null, int Position = 0) : CategoryContent(Title, Parent, Translations, Position);

/// <summary>A category as employees change it; readers are shown the tree.</summary>
/// <param name="Products">How many products are for sale in it and below.</param>
public sealed record CategoryDetail(string Slug, string Title, string? Parent, CategoryTranslations? Translations, int Position, int Products);

/// <summary>Why the catalog refuses what employees ask of its categories.</summary>
static class CategoryProblems
{
    public static readonly Problem NotFound = Problem.NotFound("category");

    public static readonly Problem Exists = new(ProblemKind.Conflict, "CATEGORY_EXISTS", "There is a category of this slug already.");

    public static readonly Problem UnknownParent = Problem.Validation("parent", "There is no such category.");

    public static readonly Problem BelowItself = new(ProblemKind.Refused, "CATEGORY_CYCLE", "A category cannot lie within itself or below itself.");

    public static readonly Problem TooDeep = new(ProblemKind.Refused, "CATEGORY_TOO_DEEP", $"The tree has at most {ChangeCategory.Levels} levels.");

    public static readonly Problem NotEmpty = new(ProblemKind.Conflict, "CATEGORY_NOT_EMPTY", "Products or other categories lie in it. Move them first.");
}
