using Npgsql;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <summary>Why the catalog refuses what employees ask for.</summary>
static class ProductProblems
{
    public static readonly Problem UnknownCategory = Problem.Validation("category", "There is no such category.");

    public static readonly Problem Changed = new(
        ProblemKind.Changed, "PRODUCT_CHANGED", "The product has changed since you read it. Read it again and decide anew.");

    public static readonly Problem SkuTaken = new(ProblemKind.Conflict, "SKU_TAKEN", "Another product for sale has this SKU.");

    public static Problem BelowZero(int available, int change) => new(
        ProblemKind.Refused, "STOCK_BELOW_ZERO", $"There are {available} on the shelf: they cannot change by {change}.");

    public static readonly Problem TooMany = new(ProblemKind.Refused, "STOCK_TOO_LARGE", "No shelf holds more than a billion units.");

    /// <summary>The database found that a product names a category that does not exist.</summary>
    public static bool IsUnknownCategory(PostgresException exception) =>
        exception is { SqlState: PostgresErrorCodes.ForeignKeyViolation, ConstraintName: "products_category_fkey" };

    /// <summary>The database found that another product has the SKU.</summary>
    public static bool IsSkuTaken(PostgresException exception) => exception is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "products_sku" };

    /// <summary>Why the database refuses what is said of a product; null when it is none of what employees can do wrong.</summary>
    public static Problem? Of(PostgresException exception) => IsUnknownCategory(exception) ? UnknownCategory : IsSkuTaken(exception) ? SkuTaken : null;
}
