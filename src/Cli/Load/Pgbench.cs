using System.Globalization;
using Npgsql;
using Rosa.Host;

namespace Rosa.Cli.Load;

/// <summary>
/// What the same PostgreSQL does of the simplest sale there is: <c>pgbench</c>, TPC-B-like without its two hot tables (<c>-N</c>),
/// prepared, with a durable commit each. The ceiling of a checkout that were a single transaction.
/// </summary>
static class Pgbench
{
    const string Database = "bench";
    const int Scale = 16;

    public static async Task<double> RunAsync(DatabaseAccess databases, int clients, TimeSpan time, CancellationToken cancellationToken)
    {
        var program = Path.Combine(PostgresBinaries.Find(madeBy: null).Folder, "pgbench");
        if (!File.Exists(program)) throw new BenchFailure($"{program} is missing. Install PostgreSQL's contributed programs.");

        var owner = new NpgsqlConnectionStringBuilder(databases.AsOwner("postgres")) { Pooling = false };
        await ExecuteAsync(owner, $"drop database if exists {Database}", cancellationToken);
        await ExecuteAsync(owner, $"create database {Database}", cancellationToken);
        try
        {
            var environment = new Dictionary<string, string>
            {
                ["PGHOST"] = owner.Host!,
                ["PGPORT"] = owner.Port.ToString(CultureInfo.InvariantCulture),
                ["PGUSER"] = owner.Username!,
                ["PGPASSWORD"] = owner.Password!,
                ["PGDATABASE"] = Database,
            };
            await ChildProcess.RunAsync(program, ["-i", "-q", "-s", $"{Scale}"], TimeSpan.FromMinutes(2), cancellationToken, environment);
            var output = await ChildProcess.RunAsync(program,
                ["-M", "prepared", "-N", "-c", $"{clients}", "-j", "2", "-T", time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)],
                time + TimeSpan.FromMinutes(1), cancellationToken, environment);
            return TransactionsPerSecond(output);
        }
        finally
        {
            await ExecuteAsync(owner, $"drop database if exists {Database} with (force)", CancellationToken.None);
        }
    }

    // "tps = 1234.567890 (without initial connection time)"
    public static double TransactionsPerSecond(string output) =>
        output.Split('\n').FirstOrDefault(line => line.StartsWith("tps = ", StringComparison.Ordinal)) is { } line
            ? double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture)
            : throw new BenchFailure($"pgbench printed something else than expected:\n{output}");

    static async Task ExecuteAsync(NpgsqlConnectionStringBuilder owner, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(owner.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
