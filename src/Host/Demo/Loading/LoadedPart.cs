using Npgsql;

namespace Rosa.Host.Demo;

/// <summary>
/// What has been loaded into a database, remembered in a table of its own, <c>demo_loaded</c>, in the transaction of the load.
/// </summary>
static class LoadedPart
{
    public const string Shop = "shop";

    public static async Task<NpgsqlConnection> ConnectAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 600 }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    /// <summary>The "now" with which a part was loaded, or null when it was not.</summary>
    public static async Task<DateTimeOffset?> LoadedAsOfAsync(string connectionString, string part, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(connectionString, cancellationToken);
        await using var command = new NpgsqlCommand("select as_of from demo_loaded where part = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = part });
        try
        {
            return await command.ExecuteScalarAsync(cancellationToken) is DateTime asOf ? new DateTimeOffset(asOf) : null;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }

    /// <summary>Loads what is missing of a part, and marks it as loaded, in one transaction.</summary>
    /// <param name="wanted">How many rows, or whatever the part counts, there are to be in the end.</param>
    /// <param name="loadAsync">Told how many are there already.</param>
    public static async Task LoadAsync(
        string connectionString, string part, DateTimeOffset asOf, int wanted, Func<NpgsqlConnection, int, Task> loadAsync, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(connectionString, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var present = await ClaimAsync(connection, part, asOf, cancellationToken);
        if (present >= wanted) return;

        await loadAsync(connection, present);
        await using (var mark = new NpgsqlCommand("update demo_loaded set loaded = $2 where part = $1", connection))
        {
            mark.Parameters.Add(new NpgsqlParameter<string> { TypedValue = part });
            mark.Parameters.Add(new NpgsqlParameter<int> { TypedValue = wanted });
            await mark.ExecuteNonQueryAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    public static async Task CreateTableAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var create = new NpgsqlCommand(
            "create table if not exists demo_loaded (part text primary key, as_of timestamptz not null, loaded int not null default 0)", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Locks the part until the transaction ends, and says how much of it is there.</summary>
    static async Task<int> ClaimAsync(NpgsqlConnection connection, string part, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        await CreateTableAsync(connection, cancellationToken);
        await using var claim = new NpgsqlCommand(
            "insert into demo_loaded (part, as_of) values ($1, $2) on conflict (part) do update set part = excluded.part returning loaded", connection);
        claim.Parameters.Add(new NpgsqlParameter<string> { TypedValue = part });
        claim.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = asOf.UtcDateTime });
        return (int)(await claim.ExecuteScalarAsync(cancellationToken))!;
    }
}
