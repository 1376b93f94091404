using Rosa.Platform.Problems;

namespace Rosa.Payments;

static class Money
{
    const decimal Most = 9_999_999_999.99m;   // numeric(12,2)

    /// <summary>The same amount written as the database writes it, so that first and later answers are the same bytes: <c>10</c> is <c>10.00</c>.</summary>
    public static decimal TwoPlaces(decimal amount) => amount + 0.00m;

    /// <summary>Why this is no amount that can be charged or given back, or null.</summary>
    public static Problem? Problem(string field, decimal amount) =>
        amount <= 0 ? Platform.Problems.Problem.Validation(field, "An amount is more than zero.") :
        amount > Most ? Platform.Problems.Problem.Validation(field, $"An amount is at most {Most}.") :
        decimal.Round(amount, 2) != amount ? Platform.Problems.Problem.Validation(field, "An amount has two decimals at most.") : null;
}
