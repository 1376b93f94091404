using Npgsql;

namespace Rosa.Host.Demo;

/// <summary>The promotions, and the uses that past orders made of them; a cancelled order has given its use back.</summary>
static class PromotionRows
{
    public static async Task LoadAsync(NpgsqlConnection connection, IReadOnlyList<DemoPromotion> promotions, IReadOnlyList<PastSale> sales, CancellationToken cancellationToken)
    {
        var redeemed = sales.Where(sale => sale.Bought.PromoCode is not null).ToList();
        var uses = redeemed.Where(sale => sale.CancelledAt is null).CountBy(sale => sale.Bought.PromoCode!).ToDictionary();

        await Copy.RowsAsync(connection,
            "promotions (code, discount_percentage, discount_amount, valid_from, valid_until, max_uses, max_uses_per_user, min_cart_total, category, automatic, usage_count, created_at)",
            promotions.Select(promotion => new object?[]
            {
                promotion.Code, (decimal?)promotion.DiscountPercentage, promotion.DiscountAmount, promotion.ValidFrom, promotion.ValidUntil, promotion.MaxUses,
                promotion.MaxUsesPerUser, promotion.MinCartTotal, promotion.Category, promotion.Automatic, uses.GetValueOrDefault(promotion.Code), promotion.ValidFrom,
            }), cancellationToken);

        await Copy.RowsAsync(connection, "promotion_users (code, user_id, uses)",
            redeemed.GroupBy(sale => (Code: sale.Bought.PromoCode!, sale.CustomerId))
                .Select(used => new object?[] { used.Key.Code, used.Key.CustomerId, used.Count(sale => sale.CancelledAt is null) }), cancellationToken);

        var percentages = promotions.ToDictionary(promotion => promotion.Code, promotion => promotion.DiscountPercentage ?? 0);
        await Copy.RowsAsync(connection, "redemptions (order_id, code, user_id, discount, discount_basis_points, redeemed_at, released_at)",
            redeemed.Select(sale => new object?[]
            {
                sale.OrderId, sale.Bought.PromoCode, sale.CustomerId, sale.Bought.Discount, percentages[sale.Bought.PromoCode!] * 100, sale.Bought.PlacedAt, sale.CancelledAt,
            }), cancellationToken);
    }
}
