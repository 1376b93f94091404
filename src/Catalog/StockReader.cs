using Npgsql;
using Rosa.Platform.Database;

namespace Rosa.Catalog;

/// <summary>
/// Reads how much of a product can be sold now, always from the database. Questions that arrive while one query is under way share
/// the next: twenty callers cost one round trip.
/// </summary>
sealed class StockReader : IAsyncDisposable
{
    const int MostTogether = 500;
    const int Workers = 2;

    readonly NpgsqlDataSource source;
    readonly RequestBatcher<IReadOnlyList<Guid>, IReadOnlyDictionary<Guid, int>> batcher;

    public StockReader(NpgsqlDataSource source)
    {
        this.source = source;
        batcher = new(ReadAsync, MostTogether, Workers);
    }

    /// <summary>The units available of each product; one that is unknown or withdrawn is not in the answer, others may be.</summary>
    public Task<IReadOnlyDictionary<Guid, int>> AvailableAsync(IReadOnlyList<Guid> productIds, CancellationToken cancellationToken) =>
        batcher.AskAsync(productIds, cancellationToken);

    public ValueTask DisposeAsync() => batcher.DisposeAsync();

    async Task<IReadOnlyList<IReadOnlyDictionary<Guid, int>>> ReadAsync(IReadOnlyList<IReadOnlyList<Guid>> questions, CancellationToken cancellationToken)
    {
        var asked = new HashSet<Guid>(questions.Count);
        foreach (var question in questions) asked.UnionWith(question);

        await using var command = source.CreateCommand("select product_id, available from stock where product_id = any($1) and for_sale");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. asked] });
        var available = new Dictionary<Guid, int>(asked.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) available[reader.GetGuid(0)] = reader.GetInt32(1);

        var answers = new IReadOnlyDictionary<Guid, int>[questions.Count];
        Array.Fill(answers, available);
        return answers;
    }
}
