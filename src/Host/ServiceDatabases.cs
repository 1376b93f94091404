using Npgsql;

namespace Rosa.Host;

/// <summary>
/// A database and a role of the same name for each service, one role that reads everything and writes nothing, and one that reads the catalog alone,
/// for its instances that only serve reads. A role owns its own database and cannot open another: PostgreSQL lets everybody connect everywhere by
/// default, so that is taken back.
/// </summary>
static class ServiceDatabases
{
    /// <summary>The role of an instance of the catalog with <c>Catalog:ReadOnly</c>.</summary>
    public const string CatalogReader = "catalog_reader";

    /// <summary>May be repeated: it makes what is missing, also after a start that was interrupted half way.</summary>
    public static async Task CreateMissingAsync(PrivatePostgres postgres, Secrets secrets, IReadOnlyCollection<string> services, CancellationToken cancellationToken)
    {
        await using var connection = await postgres.ConnectAsOwnerAsync("postgres", cancellationToken);
        var (roles, closedDatabases, databases) = await LookAsync(connection, cancellationToken);

        if (!roles.Contains(PrivatePostgres.Reader))
        {
            await ExecuteAsync(connection, $"""
                create role {PrivatePostgres.Reader} login password '{secrets.Database(PrivatePostgres.Reader)}' connection limit 20;
                grant pg_read_all_data to {PrivatePostgres.Reader};
                alter role {PrivatePostgres.Reader} set default_transaction_read_only = on;
                """, cancellationToken);
        }
        foreach (var service in services)
        {
            if (!roles.Contains(service)) await ExecuteAsync(connection, $"create role \"{service}\" login password '{secrets.Database(service)}'", cancellationToken);
            if (!databases.Contains(service)) await ExecuteAsync(connection, $"create database \"{service}\" owner \"{service}\"", cancellationToken);
        }
        foreach (var database in (IEnumerable<string>)[.. services, "postgres", "template1"])
        {
            if (closedDatabases.Contains(database)) continue;
            await ExecuteAsync(connection, $"""
                revoke connect, temporary on database "{database}" from public;
                grant connect on database "{database}" to {PrivatePostgres.Reader};
                """, cancellationToken);
        }
        if (services.Contains("catalog") && !roles.Contains(CatalogReader))
        {
            await ExecuteAsync(connection, $"""
                create role {CatalogReader} login password '{secrets.Database(CatalogReader)}' connection limit 100;
                grant pg_read_all_data to {CatalogReader};
                grant connect on database catalog to {CatalogReader};
                alter role {CatalogReader} set default_transaction_read_only = on;
                """, cancellationToken);
        }
    }

    static async Task<(HashSet<string> Roles, HashSet<string> Closed, HashSet<string> Databases)> LookAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        HashSet<string> roles = [], closed = [], databases = [];
        await using var command = new NpgsqlCommand(
            """
            select 'role', rolname::text from pg_roles
            union all
            select 'database', datname::text from pg_database
            union all
            select 'closed', datname::text
            from pg_database
            where not exists (
                select from aclexplode(coalesce(datacl, acldefault('d', datdba)))
                where grantee = 0 and privilege_type = 'CONNECT')
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var names = reader.GetString(0) switch { "role" => roles, "database" => databases, _ => closed };
            names.Add(reader.GetString(1));
        }
        return (roles, closed, databases);
    }

    // Names are those of the services' table and passwords are letters and digits, so nothing here needs quoting.
    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
