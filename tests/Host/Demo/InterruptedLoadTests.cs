using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Rosa.Host.Demo;
using Rosa.Platform.Database;
using Rosa.Testing;

namespace Rosa.Host.Tests.Demo;

/// <summary>Loads that died half way, shops that are somebody's own, and generated data; on databases without running services.</summary>
public sealed class InterruptedLoadTests
{
    sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    static readonly DateTimeOffset today = new(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);

    static async Task<Dictionary<string, string>> EmptyDatabasesAsync(params string[] names)
    {
        var databases = new Dictionary<string, string>();
        foreach (var service in Services.All.Where(service => service.OwnsDatabase() && (names.Length == 0 || names.Contains(service.Name))))
        {
            databases[service.Name] = await TestPostgres.CreateDatabaseAsync(service.Name);
            await using var source = NpgsqlDataSource.Create(databases[service.Name]);
            await Migrations.ApplyAsync(source, service.Assembly, NullLogger.Instance, default);
        }
        return databases;
    }

    static async Task<object?> AskAsync(string database, string sql)
    {
        await using var connection = await LoadedPart.ConnectAsync(database, default);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    [Fact]
    public async Task A_load_that_died_between_two_databases_is_finished_as_of_the_same_moment()
    {
        var databases = await EmptyDatabasesAsync();
        var reached = databases.Where(database => database.Key is "catalog" or "users").ToDictionary();
        Assert.True(await new DemoShopLoader(reached, new Clock(today)).LoadAsync("a long password", default));

        var tomorrow = new DemoShopLoader(databases, new Clock(today.AddDays(1)));
        Assert.True(await tomorrow.LoadAsync("a long password", default));
        Assert.False(await tomorrow.LoadAsync("a long password", default));

        foreach (var database in databases.Values) Assert.Equal(new DateTimeOffset(2026, 3, 14, 9, 26, 53, TimeSpan.Zero), await LoadedPart.LoadedAsOfAsync(database, LoadedPart.Shop, default));
        Assert.Equal(300L, await AskAsync(databases["orders"], "select count(*) from order_views"));
        Assert.Equal(50L, await AskAsync(databases["users"], "select count(*) from users"));
        Assert.Equal(200L, await AskAsync(databases["catalog"], "select count(*) from products"));
    }

    [Fact]
    public async Task A_load_that_died_within_a_database_has_left_nothing_there()
    {
        var databases = await EmptyDatabasesAsync("promotions", "orders");

        // Stands in for the death: one of the rows that are to come is there already.
        var code = DemoPromotions.For(today)[^1].Code;
        await AskAsync(databases["promotions"], $"insert into promotions (code, discount_amount, valid_from, valid_until) values ('{code}', 1, now(), now() + interval '1 day')");
        await Assert.ThrowsAsync<PostgresException>(() => new DemoShopLoader(databases, new Clock(today)).LoadAsync("a long password", default));
        Assert.Equal(1L, await AskAsync(databases["promotions"], "select count(*) from promotions"));
        Assert.Null(await LoadedPart.LoadedAsOfAsync(databases["promotions"], LoadedPart.Shop, default));

        await AskAsync(databases["promotions"], "delete from promotions");
        Assert.True(await new DemoShopLoader(databases, new Clock(today.AddDays(1))).LoadAsync("a long password", default));
        Assert.Equal(8L, await AskAsync(databases["promotions"], "select count(*) from promotions"));
        Assert.Equal(300L, await AskAsync(databases["orders"], "select count(*) from order_views"));
    }

    [Fact]
    public async Task A_shop_that_is_somebodys_own_stays_as_it_is()
    {
        var databases = await EmptyDatabasesAsync("catalog", "users");
        await AskAsync(databases["catalog"],
            "with c as (insert into categories (slug, title) values ('tea', 'Tea') returning slug) insert into products (product_id, title, description, price, category) select gen_random_uuid(), 'Tea', '', 3, slug from c");
        Assert.False(await new DemoShopLoader(databases, new Clock(today)).LoadAsync("a long password", default));
        Assert.Equal(1L, await AskAsync(databases["catalog"], "select count(*) from products"));
        Assert.Equal(0L, await AskAsync(databases["users"], "select count(*) from users"));
    }

    [Fact]
    public async Task Generated_products_are_brought_to_a_number_and_counted_by_category()
    {
        var databases = await EmptyDatabasesAsync("catalog");
        var loader = new DemoShopLoader(databases, new Clock(today));
        foreach (var count in new[] { 300, 300, 6_000, 100 })
        {
            await loader.LoadProductsAsync(count, progress: null, default);
            Assert.Equal(Math.Max(count, count == 100 ? 6_000 : 0), (int)(long)(await AskAsync(databases["catalog"], "select count(*) from products"))!);
        }
        Assert.Equal(6_000L, await AskAsync(databases["catalog"], "select sum(products) from product_counts where category = ''"));
        Assert.Equal(0L, await AskAsync(databases["catalog"],
            "select count(*) from categories c where (select coalesce(sum(products), 0) from product_counts where category = slug) <> (select count(*) from products join categories own on own.slug = category where c.slug = any(own.path))"));
        Assert.Equal(0L, await AskAsync(databases["catalog"], "select count(*) from products where not exists (select from product_images where image_url = '/api/images/' || image_id)"));
        Assert.Equal(0L, await AskAsync(databases["catalog"], "select count(*) from products left join stock using (product_id) where available is null"));
    }
}
