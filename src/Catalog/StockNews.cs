using Npgsql;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Messaging;

namespace Rosa.Catalog;

/// <summary>
/// The few changes of a shelf that sales tell of: the last unit went, the first came back, few are left. All other sales pass by here without a cost.
/// </summary>
static class StockNews
{
    /// <summary>Tells them in the transaction of the change. Returns how many events that were.</summary>
    public static async Task<int> TellAsync(
        IEnumerable<ShelfChange> changes, int lowStock, Outbox events, NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<ShelfChange>? turned = null, low = null;
        foreach (var shelf in changes)
        {
            if (shelf.HasTurned) (turned ??= []).Add(shelf);
            if (shelf.RunsLow(lowStock)) (low ??= []).Add(shelf);
        }
        if (turned is null && low is null) return 0;

        var titles = low is null ? [] : await TitlesAsync(low, connection, transaction, cancellationToken);
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var shelf in turned ?? [])
            batch.BatchCommands.Add(events.Command(new StockChanged(shelf.ProductId, shelf.Available, shelf.Available - shelf.Before, shelf.Available > 0 ? "back in stock" : "sold out", now)));
        foreach (var shelf in low ?? [])
            batch.BatchCommands.Add(events.Command(new StockLow(shelf.ProductId, titles[shelf.ProductId], shelf.Available, shelf.LowAt ?? lowStock, now)));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands.Count;
    }

    static async Task<Dictionary<Guid, string>> TitlesAsync(List<ShelfChange> low, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select product_id, title from products where product_id = any($1)", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. low.Select(shelf => shelf.ProductId)] });
        var titles = new Dictionary<Guid, string>(low.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) titles[reader.GetGuid(0)] = reader.GetString(1);
        return titles;
    }
}
