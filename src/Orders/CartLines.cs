using Npgsql;

namespace Rosa.Orders;

public sealed record CartLine(Guid ProductId, int Quantity);

/// <param name="Id">The user's id, or the number in the guest's cookie.</param>
public readonly record struct CartOwner(Guid Id, bool IsGuest);

/// <summary>The lines of all carts, oldest first. Each change is one statement.</summary>
sealed class CartLines(OrdersDb db)
{
    /// <summary>The most products that one cart holds.</summary>
    public const int Most = 100;

    public Task<IReadOnlyList<CartLine>> ReadAsync(CartOwner owner, CancellationToken cancellationToken) =>
        ReadAsync(owner, "select product_id, quantity from cart_lines where owner = $1 and is_guest = $2 order by added_at, product_id", [], cancellationToken);

    public async Task ReplaceAsync(CartOwner owner, IReadOnlyList<CartLine> lines, CancellationToken cancellationToken)
    {
        await using var batch = db.Source.CreateBatch();
        batch.BatchCommands.Add(new("delete from cart_lines where owner = $1 and is_guest = $2 and product_id <> all($3)") { Parameters = { Id(owner), IsGuest(owner), Products(lines) } });
        batch.BatchCommands.Add(new(
            """
            insert into cart_lines (owner, is_guest, product_id, quantity, added_at)
            select $1, $2, product_id, quantity, now() + place * interval '1 microsecond'
            from unnest($3::uuid[], $4::int[]) with ordinality as line (product_id, quantity, place)
            on conflict (owner, is_guest, product_id) do update set quantity = excluded.quantity, added_at = excluded.added_at, changed_at = now()
            """)
        {
            Parameters = { Id(owner), IsGuest(owner), Products(lines), new NpgsqlParameter<int[]> { TypedValue = [.. lines.Select(line => line.Quantity)] } },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>The cart after; without the line when the cart is full.</returns>
    public Task<IReadOnlyList<CartLine>> PutAsync(CartOwner owner, CartLine line, CancellationToken cancellationToken) => ReadAsync(owner,
        """
        with others as (
          select product_id, quantity, added_at from cart_lines where owner = $1 and is_guest = $2 and product_id <> $3),
        put as (
          insert into cart_lines (owner, is_guest, product_id, quantity)
          select $1, $2, $3, $4 where (select count(*) from others) < $5
          on conflict (owner, is_guest, product_id) do update set quantity = excluded.quantity, changed_at = now()
          returning product_id, quantity, added_at)
        select product_id, quantity from (select * from others union all select * from put) line order by added_at, product_id
        """,
        [new NpgsqlParameter<Guid> { TypedValue = line.ProductId }, new NpgsqlParameter<int> { TypedValue = line.Quantity }, new NpgsqlParameter<int> { TypedValue = Most }], cancellationToken);

    /// <returns>The cart after.</returns>
    public Task<IReadOnlyList<CartLine>> RemoveAsync(CartOwner owner, Guid productId, CancellationToken cancellationToken) => ReadAsync(owner,
        """
        with removed as (delete from cart_lines where owner = $1 and is_guest = $2 and product_id = $3)
        select product_id, quantity from cart_lines where owner = $1 and is_guest = $2 and product_id <> $3 order by added_at, product_id
        """, [new NpgsqlParameter<Guid> { TypedValue = productId }], cancellationToken);

    /// <summary>What the guest chose wins for a product in both: it is the later choice.</summary>
    public async Task MergeAsync(CartOwner guest, CartOwner into, CancellationToken cancellationToken)
    {
        await using var command = db.Source.CreateCommand(
            """
            with taken as (delete from cart_lines where owner = $1 and is_guest returning product_id, quantity, added_at)
            insert into cart_lines (owner, is_guest, product_id, quantity, added_at)
            select $2, false, product_id, quantity, added_at from taken order by added_at
            limit greatest($3 - (select count(*) from cart_lines where owner = $2 and not is_guest), 0)
            on conflict (owner, is_guest, product_id) do update set quantity = excluded.quantity, changed_at = now()
            """);
        command.Parameters.Add(Id(guest));
        command.Parameters.Add(Id(into));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Most });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    async Task<IReadOnlyList<CartLine>> ReadAsync(CartOwner owner, string sql, IReadOnlyList<NpgsqlParameter> more, CancellationToken cancellationToken)
    {
        await using var command = db.Source.CreateCommand(sql);
        command.Parameters.Add(Id(owner));
        command.Parameters.Add(IsGuest(owner));
        foreach (var parameter in more) command.Parameters.Add(parameter);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var lines = new List<CartLine>();
        while (await reader.ReadAsync(cancellationToken)) lines.Add(new CartLine(reader.GetGuid(0), reader.GetInt32(1)));
        return lines;
    }

    static NpgsqlParameter<Guid> Id(CartOwner owner) => new() { TypedValue = owner.Id };

    static NpgsqlParameter<bool> IsGuest(CartOwner owner) => new() { TypedValue = owner.IsGuest };

    static NpgsqlParameter<Guid[]> Products(IReadOnlyList<CartLine> lines) => new() { TypedValue = [.. lines.Select(line => line.ProductId)] };
}
