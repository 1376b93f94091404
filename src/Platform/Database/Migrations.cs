using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Rosa.Platform.Database;

/// <summary>
/// Brings a service's database to what its code expects: the numbered <c>schema/*.sql</c> files embedded in its assembly,
/// after Platform's own, each once, in a transaction, under an advisory lock so that many instances may start at once.
/// </summary>
/// <remarks>A file that was applied is never edited: that is found by its hash and refused.</remarks>
public static partial class Migrations
{
    const long LockKey = 0x526F7361;   // "Rosa"

    public static async Task ApplyAsync(NpgsqlDataSource source, Assembly service, ILogger logger, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var files = Files(typeof(Migrations).Assembly).Concat(Files(service)).ToList();
        var applied = await AppliedAsync(connection, cancellationToken);
        if (files.All(file => applied.TryGetValue(file.Name, out var hash) && hash == file.Hash)) return;

        await ExecuteAsync(connection, $"select pg_advisory_lock({LockKey})", cancellationToken);
        try
        {
            await ExecuteAsync(connection,
                "create table if not exists schema_versions (name text primary key, hash text not null, applied_at timestamptz not null default now())",
                cancellationToken);
            applied = await AppliedAsync(connection, cancellationToken);
            foreach (var file in files)
            {
                if (applied.TryGetValue(file.Name, out var hash))
                {
                    if (hash == file.Hash) continue;
                    throw new InvalidOperationException($"{file.Name} was edited after it was applied to this database. Undo the edit and put the change into a new file.");
                }

                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await ExecuteAsync(connection, file.Sql, cancellationToken);
                await using (var record = new NpgsqlCommand("insert into schema_versions (name, hash) values ($1, $2)", connection))
                {
                    record.Parameters.Add(new() { Value = file.Name });
                    record.Parameters.Add(new() { Value = file.Hash });
                    await record.ExecuteNonQueryAsync(cancellationToken);
                }
                await transaction.CommitAsync(cancellationToken);
                Log.Applied(logger, file.Name);
            }

            // New types (enums, composites) are unknown to connections opened before.
            await connection.ReloadTypesAsync(cancellationToken);
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    static async Task<Dictionary<string, string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var applied = new Dictionary<string, string>();
        try
        {
            await using var command = new NpgsqlCommand("select name, hash from schema_versions", connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) applied[reader.GetString(0)] = reader.GetString(1);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // A fresh database.
        }
        return applied;
    }

    static IEnumerable<(string Name, string Sql, string Hash)> Files(Assembly assembly)
    {
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var sql = reader.ReadToEnd();
            yield return (name, sql, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
        }
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(10, LogLevel.Information, "Applied {Name} to the database")]
        public static partial void Applied(ILogger logger, string name);
    }
}
