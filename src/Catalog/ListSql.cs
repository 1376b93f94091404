using System.Collections.Concurrent;

namespace Rosa.Catalog;

/// <summary>What a list is narrowed by, beside its category.</summary>
readonly record struct ListFilter(bool ByPrice, bool InStock, bool Searched);

/// <summary>The statement of a list: one for each kind of list and page, so that each is planned once and then prepared.</summary>
/// <remarks>
/// The first column is the total, and an empty page is one row of it alone. <c>$1</c> is the category ('' for the whole shop),
/// then the lowest and highest price, then the words searched for. Limit and offset are written out: with their figures the
/// planner knows that it is after a few rows, and walks the index of the order.
/// </remarks>
static class ListSql
{
    /// <summary>The most products of a filtered list that are counted.</summary>
    public const int CountedAtMost = 10_000;

    /// <summary>The most products with the words searched for that are weighed against each other.</summary>
    public const int WeighedAtMost = 2_000;

    static readonly ConcurrentDictionary<(ListFilter, ProductOrder, string, int, int), string> known = new();

    public static string For(ListFilter filter, ProductOrder order, string language, int page, int limit)
    {
        const int firstPages = 10;   // the others are rare, and there are too many of them to keep
        if (page > firstPages) return Write(filter, order, language, page, limit);
        return known.GetOrAdd((filter, order, language, page, limit), key => Write(key.Item1, key.Item2, key.Item3, key.Item4, key.Item5));
    }

    static string Write(ListFilter filter, ProductOrder order, string language, int page, int limit)
    {
        var range = page == 1 ? $"limit {limit}" : $"limit {limit} offset {(long)(page - 1) * limit}";
        return filter.Searched ? Searched(filter, order, language, range) : Listed(filter, order, language, range);
    }

    static string Listed(ListFilter filter, ProductOrder order, string language, string range)
    {
        var where = "l.category = $1" + Conditions(filter);
        var total = filter == default
            ? "select coalesce(sum(products), 0)::int as products from product_counts where category = $1"
            : $"select count(*)::int as products from (select from product_listings l where {where} limit {CountedAtMost}) counted";
        return $"""
            select total.products, {Columns}
            from ({total}) total
            left join (
              select l.price as by_price, l.rating as by_rating, l.created_at as by_time, {ProductJson.CardColumns(language)}
              from (select * from product_listings l where {where} order by {By(order, "l.price", "l.rating", "l.created_at", "l.product_id")} {range}) l
              {Cards}
            ) card on true
            order by {By(order, "by_price", "by_rating", "by_time", "card.product_id")}
            """;
    }

    static string Searched(ListFilter filter, ProductOrder order, string language, string range)
    {
        var words = filter.ByPrice ? "$4" : "$2";
        var by = order == ProductOrder.Relevance ? "by_rank desc, by_time desc, product_id desc" : By(order, "by_price", "by_rating", "by_time", "product_id");
        return $"""
            with found as materialized (
              select p.product_id, p.price as by_price, coalesce(round(p.rating_sum::numeric / nullif(p.rating_count, 0), 2), 0) as by_rating,
                p.created_at as by_time, ts_rank(p.search, query) as by_rank
              from (select websearch_to_tsquery('catalog_french', {words}) || websearch_to_tsquery('catalog_english', {words}) as query) words
              join products p on p.search @@ query
              where p.withdrawn_at is null
                and ($1 = '' or exists (select from product_listings l where l.product_id = p.product_id and l.category = $1)){Conditions(filter).Replace("l.", "p.", StringComparison.Ordinal)}
              limit {WeighedAtMost}
            )
            select total.products, {Columns}
            from (select count(*)::int as products from found) total
            left join (
              select l.by_price, l.by_rating, l.by_time, l.by_rank, {ProductJson.CardColumns(language)}
              from (select * from found order by {by} {range}) l
              {Cards}
            ) card on true
            order by {by}
            """;
    }

    const string Columns = "card.product_id, card.title, card.price, card.image_url, card.category, card.available, card.rating_count, card.rating_sum";

    // The limits keep these two as look-ups by key of the few products of the page, whatever the planner believes of the tables.
    const string Cards =
        """
        cross join lateral (select * from products where product_id = l.product_id limit 1) p
          cross join lateral (select available from stock where product_id = l.product_id limit 1) s
        """;

    static string Conditions(ListFilter filter) =>
        (filter.ByPrice ? " and l.price between $2 and $3" : "")
        + (filter.InStock ? " and (select s.available > 0 from stock s where s.product_id = l.product_id)" : "");

    static string By(ProductOrder order, string price, string rating, string time, string id) => order switch
    {
        ProductOrder.Price => $"{price}, {id}",
        ProductOrder.PriceDescending => $"{price} desc, {id} desc",
        ProductOrder.Rating => $"{rating} desc, {id} desc",
        _ => $"{time} desc, {id} desc",
    };
}
