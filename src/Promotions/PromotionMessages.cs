using Rosa.Contracts.Promotions;
using Rosa.Platform.Grpc;

namespace Rosa.Promotions;

/// <summary>Between the messages of <c>promotions.proto</c> (cents, text ids) and our own types.</summary>
static class PromotionMessages
{
    const int MostLines = 1_000;
    const long MostCents = 999_999_999_999;   // numeric(12,2)

    public static Guid ToId(string text, string field) =>
        Guid.TryParseExact(text, "D", out var id) ? id : throw new GrpcException(GrpcStatusCode.InvalidArgument, $"{field} is not a UUID.");

    public static Cart ToCart(long totalCents, IReadOnlyList<Contracts.Promotions.CartLine> lines, Categories categories)
    {
        if (lines.Count > MostLines) throw new GrpcException(GrpcStatusCode.InvalidArgument, $"A cart has at most {MostLines} lines.");
        return new Cart(ToMoney(totalCents, "cart_total_cents"), [.. lines.Select(line => new CartLine(categories.PathOf(line.Category), ToMoney(line.LineTotalCents, "line_total_cents")))]);
    }

    public static PromotionAnswer ToAnswer(Decision decision, Promotion? promotion) => decision.IsValid
        ? Valid(decision.Discount, ToBasisPoints(promotion!.DiscountPercentage))
        : new PromotionAnswer { IsValid = false, Reason = decision.Reason };

    public static PromotionAnswer Valid(decimal discount, int basisPoints) =>
        new() { IsValid = true, DiscountCents = ToCents(discount), DiscountBasisPoints = basisPoints };

    public static int ToBasisPoints(decimal? percentage) => (int)((percentage ?? 0) * 100);

    public static long ToCents(decimal? money) => (long)((money ?? 0) * 100);

    static decimal ToMoney(long cents, string field) =>
        cents is >= 0 and <= MostCents ? cents / 100m : throw new GrpcException(GrpcStatusCode.InvalidArgument, $"{field} is out of range.");
}
