using Npgsql;

namespace Rosa.Recommendations;

/// <summary>What is known of a customer and of what goes with what they bought.</summary>
sealed record CustomerGraph(
    string? AnimalType, IReadOnlyList<Link> Links, IReadOnlyDictionary<Guid, Bought> Popular, Bought Most, IReadOnlyList<Guid> Newest);

/// <param name="Shelf">Products of the same category, with how often they are bought.</param>
sealed record ProductGraph(Link Link, IReadOnlyDictionary<Guid, double> Shelf);

/// <summary>
/// Reads what may be suggested: one round trip, and every part of it bounded, however much was sold. Counts come out in orders of today.
/// </summary>
sealed class Candidates(NpgsqlDataSource source)
{
    /// <summary>Of a customer's products, the last; of each one's neighbours, the nearest.</summary>
    const int Links = 20, Neighbours = 50;
    const int Popular = 100, Newest = 50, Shelf = 200;

    static string MayBeSuggested(string productId) =>
        $"""
        not exists (select from purchases own where own.user_id = $1 and own.product_id = {productId})
          and not exists (select from products gone where gone.product_id = {productId} and gone.withdrawn)
        """;

    static readonly string links =
        $"""
        with bought as (
          select product_id, last_bought_at from purchases where user_id = $1 order by last_bought_at desc, product_id limit {Links})
        select b.product_id, b.last_bought_at, own.weight, n.other_id, n.weight, n.together, coalesce(among.weight, 0), coalesce(overall.weight, 0)
        from bought b
        join popularity own on own.product_id = b.product_id and own.animal_type = ''
        cross join lateral (
          select other_id, weight, together from co_purchases where product_id = b.product_id order by weight desc, other_id limit {Neighbours}) n
        left join popularity overall on overall.product_id = n.other_id and overall.animal_type = ''
        left join popularity among on among.product_id = n.other_id and among.animal_type = (select animal_type from customers where user_id = $1)
        where {MayBeSuggested("n.other_id")}
        order by b.last_bought_at desc, b.product_id, n.weight desc, n.other_id
        """;

    static readonly string popular =
        $"""
        select p.product_id, coalesce(among.weight, 0), coalesce(overall.weight, 0)
        from (
          (select product_id from popularity p where animal_type = '' and {MayBeSuggested("p.product_id")} order by weight desc, product_id limit {Popular})
          union
          (select product_id from popularity p
           where animal_type = (select animal_type from customers where user_id = $1) and {MayBeSuggested("p.product_id")}
           order by weight desc, product_id limit {Popular})) p
        left join popularity overall on overall.product_id = p.product_id and overall.animal_type = ''
        left join popularity among on among.product_id = p.product_id and among.animal_type = (select animal_type from customers where user_id = $1)
        order by p.product_id
        """;

    const string Customer =
        """
        select animal_type, coalesce((select max(weight) from popularity p where p.animal_type = c.animal_type), 0),
          coalesce((select max(weight) from popularity p where p.animal_type = ''), 0)
        from (select (select animal_type from customers where user_id = $1) as animal_type) c
        """;

    static readonly string newest =
        $"select product_id from products p where not withdrawn and {MayBeSuggested("p.product_id")} order by product_id desc limit {Newest}";

    public async Task<CustomerGraph> OfCustomerAsync(Guid userId, DateTimeOffset today, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        foreach (var sql in new[] { Customer, links, popular, newest }) batch.BatchCommands.Add(new(sql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = userId } } });
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var anOrder = Recency.WeightAt(today);

        await rows.ReadAsync(cancellationToken);
        var animalType = rows.IsDBNull(0) ? null : rows.GetString(0);
        var most = Counted(rows, 1, anOrder);
        await rows.NextResultAsync(cancellationToken);
        var graph = await ReadLinksAsync(rows, anOrder, cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        var popularity = new Dictionary<Guid, Bought>();
        while (await rows.ReadAsync(cancellationToken)) popularity.Add(rows.GetGuid(0), Counted(rows, 1, anOrder));
        await rows.NextResultAsync(cancellationToken);
        var arrivals = new List<Guid>();
        while (await rows.ReadAsync(cancellationToken)) arrivals.Add(rows.GetGuid(0));
        return new CustomerGraph(animalType, graph, popularity, most, arrivals);
    }

    static async Task<List<Link>> ReadLinksAsync(NpgsqlDataReader rows, double anOrder, CancellationToken cancellationToken)
    {
        var read = new List<Link>();
        List<Neighbour> neighbours = [];
        while (await rows.ReadAsync(cancellationToken))
        {
            var productId = rows.GetGuid(0);
            if (read.Count == 0 || read[^1].ProductId != productId)
                read.Add(new Link(productId, new DateTimeOffset(rows.GetDateTime(1)), rows.GetDouble(2) / anOrder, neighbours = []));
            neighbours.Add(new Neighbour(rows.GetGuid(3), rows.GetDouble(4) / anOrder, rows.GetInt32(5), Counted(rows, 6, anOrder)));
        }
        return read;
    }

    static Bought Counted(NpgsqlDataReader rows, int first, double anOrder) => new(rows.GetDouble(first) / anOrder, rows.GetDouble(first + 1) / anOrder);

    static readonly string related =
        $"""
        select coalesce((select weight from popularity where product_id = $1 and animal_type = ''), 0), n.other_id, n.weight, n.together, coalesce(overall.weight, 0)
        from (select other_id, weight, together from co_purchases where product_id = $1 order by weight desc, other_id limit {Neighbours}) n
        left join popularity overall on overall.product_id = n.other_id and overall.animal_type = ''
        where not exists (select from products gone where gone.product_id = n.other_id and gone.withdrawn)
        order by n.weight desc, n.other_id
        """;

    static readonly string shelf =
        $"""
        select p.product_id, coalesce(popularity.weight, 0)
        from (
          select product_id from products
          where category = (select category from products where product_id = $1) and not withdrawn and product_id <> $1
          order by product_id desc limit {Shelf}) p
        left join popularity on popularity.product_id = p.product_id and popularity.animal_type = ''
        order by p.product_id
        """;

    public async Task<ProductGraph> OfProductAsync(Guid productId, DateTimeOffset today, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        foreach (var sql in new[] { related, shelf }) batch.BatchCommands.Add(new(sql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = productId } } });
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var anOrder = Recency.WeightAt(today);

        var neighbours = new List<Neighbour>();
        var overall = 0d;
        while (await rows.ReadAsync(cancellationToken))
        {
            overall = rows.GetDouble(0) / anOrder;
            neighbours.Add(new Neighbour(rows.GetGuid(1), rows.GetDouble(2) / anOrder, rows.GetInt32(3), new Bought(0, rows.GetDouble(4) / anOrder)));
        }
        await rows.NextResultAsync(cancellationToken);
        var same = new Dictionary<Guid, double>();
        while (await rows.ReadAsync(cancellationToken)) same.Add(rows.GetGuid(0), rows.GetDouble(1) / anOrder);
        return new ProductGraph(new Link(productId, today, overall, neighbours), same);
    }
}
