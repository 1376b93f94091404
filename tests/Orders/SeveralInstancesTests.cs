using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Rosa.Platform.Hosting;
using Rosa.Testing;

namespace Rosa.Orders.Tests;

/// <summary>Three instances of Orders on one database: what must be done once is done once.</summary>
public sealed class SeveralInstancesTests
{
    static Task<TestService> StartAsync(string? connectionString, string catalog = "http://127.0.0.1:1") => TestService.StartAsync(
        new Service("orders", Port: 0, OrdersService.AddOrders, OrdersService.MapOrders, Calls: []),
        new Dictionary<string, string?> { ["Services:catalog:Http"] = catalog, ["Services:promotions:Http"] = catalog, ["Services:payments:Http"] = catalog }, connectionString);

    [Fact]
    public async Task Invoices_get_numbers_without_gaps_and_each_order_gets_one()
    {
        const int due = 700;   // more than one instance issues at once
        await using var one = await StartAsync(null);
        await using var two = await StartAsync(one.ConnectionString);
        await using var three = await StartAsync(one.ConnectionString);
        await using var database = NpgsqlDataSource.Create(one.ConnectionString);
        await using (var order = database.CreateCommand(
            """
            with orders as (select gen_random_uuid() id from generate_series(1, $1)),
            views as (insert into order_views (order_id, user_id, status, placed_at, document) select id, id, 'CONFIRMED', now(), '{}' from orders)
            insert into invoices_due (order_id, kind, due_at) select id, 'INVOICE', now() from orders
            """))
        {
            order.Parameters.Add(new() { Value = due });
            await order.ExecuteNonQueryAsync();
        }

        // Beside the loops of their own, which run, too.
        await Task.WhenAll(new[] { one, two, three }.SelectMany(instance => Enumerable.Range(0, 4).Select(_ =>
            instance.Services.GetRequiredService<IssueInvoices>().RunOnceAsync(CancellationToken.None))));

        await using var read = database.CreateCommand("select count(*), count(distinct order_id), min(number), max(number), (select count(*) from invoices_due) from invoices");
        await using var reader = await read.ExecuteReaderAsync();
        await reader.ReadAsync();
        Assert.Equal([due, due, 1L, due, 0L], Enumerable.Range(0, 5).Select(reader.GetInt64));
    }

    [Fact]
    public async Task While_one_instance_reconciles_another_does_not()
    {
        // A service that takes the question and never answers holds the first one up.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var one = await StartAsync(null, $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
        await using var two = await StartAsync(one.ConnectionString);
        using var end = new CancellationTokenSource();
        var first = one.Services.GetRequiredService<ReconcileOrders>().RunOnceAsync(DateTimeOffset.UtcNow.AddDays(-1), end.Token);
        using var asked = await silent.AcceptTcpClientAsync();
        Assert.Null(await two.Services.GetRequiredService<ReconcileOrders>().RunOnceAsync(DateTimeOffset.UtcNow.AddDays(-1), CancellationToken.None));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => first);
    }
}
