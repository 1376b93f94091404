using System.Collections.Concurrent;
using System.Globalization;

namespace Rosa.Catalog;

/// <summary>What a list is narrowed by.</summary>
/// <param name="Prices">Lowest and highest; null for all.</param>
/// <param name="OneWord">What is searched for is a single word.</param>
readonly record struct ListFilter(bool ByCategory, (decimal From, decimal To)? Prices, bool InStock, bool Searched, bool OneWord)
{
    public bool IsWholeShop => !ByCategory && Prices is null && !InStock;
}

/// <summary>The statement of a list: one for each kind of list and page, so that each is planned once and then prepared.</summary>
/// <remarks>
/// The first column is the total, and an empty page is one row of it alone. <c>$1</c> is the category ('' for the whole shop), <c>$2</c>
/// the words searched for. Numbers are written out: with them the planner knows that it is after a few rows, and whether prices or the
/// order of the list lead to them sooner.
/// </remarks>
static class ListSql
{
    /// <summary>The most products that are counted when a list is narrowed by prices, or is a search in an order of its own.</summary>
    const int CountedAtMost = 10_000;

    /// <summary>The most products that a search by relevance finds and weighs against each other.</summary>
    const int WeighedAtMost = 1_000;

    static readonly ConcurrentDictionary<(ListFilter, ProductOrder, string, int, int), string> known = new();

    public static string For(ListFilter filter, ProductOrder order, string language, int page, int limit)
    {
        // Others are rare, and there are too many of them to keep.
        if (page > 10 || filter.Prices is not null) return Write(filter, order, language, page, limit);
        return known.GetOrAdd((filter, order, language, page, limit), key => Write(key.Item1, key.Item2, key.Item3, key.Item4, key.Item5));
    }

    static string Write(ListFilter filter, ProductOrder order, string language, int page, int limit)
    {
        var range = new Range((page - 1) * limit, limit);
        return !filter.Searched ? Listed(filter, order, language, range)
            : order != ProductOrder.Relevance ? Found(filter, order, language, range)
            : filter.OneWord && filter.IsWholeShop && range.End <= WeighedAtMost ? Titled(filter, language, range)
            : Weighed(filter, language, range);
    }

    readonly record struct Range(int Offset, int Limit)
    {
        public int End => Offset + Limit;

        public override string ToString() => Offset == 0 ? $"limit {Limit}" : $"limit {Limit} offset {Offset}";
    }

    static string Listed(ListFilter filter, ProductOrder order, string language, Range range)
    {
        var from = "product_listings l where l.category = $1" + Prices(filter, "l") + (filter.InStock ? " and l.in_stock" : "");
        var total = filter.Prices is not null
            ? $"select count(*)::int as products from (select from {from} limit {CountedAtMost}) counted"
            : $"select coalesce(sum({(filter.InStock ? "in_stock" : "products")}), 0)::int as products from product_counts where category = $1";
        return Page(total, $"select * from {from} order by {By(order)} {range}", By(order), language);
    }

    /// <summary>A search in another order than relevance: all that is found is put in that order.</summary>
    static string Found(ListFilter filter, ProductOrder order, string language, Range range) =>
        $"""
        with found as materialized (
          select w.product_id, w.price, w.rating, w.created_at from {Matches(filter)} limit {CountedAtMost}
        )
        {Page("select count(*)::int as products from found", $"select * from found order by {By(order)} {range}", By(order), language)}
        """;

    /// <summary>A search by relevance: what is found is weighed, and however common the words are that is bounded.</summary>
    static string Weighed(ListFilter filter, string language, Range range)
    {
        const string order = "relevance desc, created_at desc, product_id desc";
        return $"""
            with found as materialized (
              select w.product_id, w.created_at, ts_rank(w.words, asked.query) as relevance from {Matches(filter)} limit {WeighedAtMost}
            )
            {Page("select count(*)::int as products from found", $"select * from found order by {order} {range}", order, language)}
            """;
    }

    /// <summary>
    /// A search for one word by relevance: the newest that have it in their title, which is a walk along an index. Only where they do not fill the page,
    /// those that have it in their description come after them, the newest first as well: how often one word is said there tells little.
    /// </summary>
    static string Titled(ListFilter filter, string language, Range range)
    {
        const string order = "relevance desc, created_at desc, product_id desc";
        var total =
            $"""
            select case
              when (select count(*) from titled) < {range.End} then (select count(*) from matching)
              when exists (select from words where (select count(*) from (select from title_listings l where l.word = words.word limit {WeighedAtMost}) counted) = {WeighedAtMost}) then {WeighedAtMost}
              else (select count(*) from (select from {Matches(filter)} limit {WeighedAtMost}) counted) end::int as products
            """;
        return $"""
            with words as materialized (
              select unnest(tsvector_to_array(to_tsvector('catalog_french', $2))) as word
              union select unnest(tsvector_to_array(to_tsvector('catalog_english', $2)))
            ), titled as materialized (
              select distinct t.product_id, t.created_at
              from words, lateral (
                select l.product_id, l.created_at from title_listings l where l.word = words.word order by l.created_at desc, l.product_id desc limit {range.End}) t
            ), matching as materialized (
              select w.product_id, w.created_at from {Matches(filter)} and (select count(*) from titled) < {range.End} limit {WeighedAtMost}
            ), found as (
              select product_id, created_at, 2 as relevance from titled
              union all
              select product_id, created_at, 1 from matching m where not exists (select from titled t where t.product_id = m.product_id)
            )
            {Page(total, $"select * from found order by {order} {range}", order, language)}
            """;
    }

    /// <summary>The products <c>w</c> in which all of the words are found.</summary>
    public static string Matches(ListFilter filter) =>
        "(select websearch_to_tsquery('catalog_french', $2) || websearch_to_tsquery('catalog_english', $2) as query) asked "
        + "join product_words w on w.words @@ asked.query where true"
        + (filter.ByCategory ? " and $1 = any(w.categories)" : "") + Prices(filter, "w") + (filter.InStock ? " and w.in_stock" : "");

    /// <summary>The total beside the cards of a page. The limits keep cards and stock as look-ups by key, whatever the planner believes of the tables.</summary>
    static string Page(string total, string listed, string order, string language) =>
        $"""
        select total.products, card.product_id, card.title, card.price, card.image_url, card.category, card.available, card.rating_count, card.rating_sum
        from ({total}) total
        left join (
          select row_number() over (order by {order}) as place, l.product_id from ({listed}) l
        ) listed on true
        left join lateral (
          select {ProductJson.CardColumns(language)} from products p cross join lateral (select available from stock where product_id = p.product_id limit 1) s
          where p.product_id = listed.product_id limit 1
        ) card on true
        order by listed.place
        """;

    static string Prices(ListFilter filter, string table) => filter.Prices is { } prices
        ? string.Create(CultureInfo.InvariantCulture, $" and {table}.price between {prices.From} and {prices.To}")
        : "";

    static string By(ProductOrder order) => order switch
    {
        ProductOrder.Price => "price, product_id",
        ProductOrder.PriceDescending => "price desc, product_id desc",
        ProductOrder.Rating => "rating desc, product_id desc",
        _ => "created_at desc, product_id desc",
    };
}
