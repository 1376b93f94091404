using System.Diagnostics;
using Npgsql;
using Rosa.Host;
using Rosa.Testing;

namespace Rosa.Deploy.Tests;

/// <summary><c>databases.sql</c> makes on any PostgreSQL what the host makes on its own.</summary>
public sealed class DatabasesTests : IDisposable
{
    const string Password = "it's \"quoted\" $here";

    static readonly string[] owners = [.. Services.All.Where(service => service.OwnsDatabase()).Select(service => service.Name)];

    readonly string root = Directory.CreateTempSubdirectory("rosa-databases-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task It_makes_what_the_host_makes_and_run_again_changes_nothing()
    {
        await using var byHost = await StartAsync("host");
        await ServiceDatabases.CreateMissingAsync(byHost.Postgres, byHost.Secrets, owners, default);
        await using var byFile = await StartAsync("file");
        await byFile.RunAsync();

        var expected = await byHost.DescribeAsync();
        Assert.True(expected.Count > 30, $"{expected.Count} things");
        Assert.Equal(expected, await byFile.DescribeAsync());
        await byFile.RunAsync();
        Assert.Equal(expected, await byFile.DescribeAsync());
    }

    [Fact]
    public async Task Whoever_may_create_roles_and_databases_can_run_it_and_services_sign_in_with_their_passwords()
    {
        await using var cluster = await StartAsync("managed");
        await using (var owner = await cluster.Postgres.ConnectAsOwnerAsync("postgres", default))
        {
            await using var create = new NpgsqlCommand("create role administrator createrole createdb", owner);
            await create.ExecuteNonQueryAsync();
        }
        await cluster.RunAsync("administrator");
        await cluster.RunAsync("administrator");

        foreach (var service in owners)
        {
            await cluster.ExecuteAsync(service, service, "create table own (id int); insert into own values (1)");
            await cluster.ExecuteAsync(service, "rosa_reader", "select id from own");
        }
        await cluster.ExecuteAsync("catalog", "catalog_reader", "select id from own");
        await Assert.ThrowsAsync<PostgresException>(() => cluster.ExecuteAsync("orders", "catalog", "select 1"));
        await Assert.ThrowsAsync<PostgresException>(() => cluster.ExecuteAsync("orders", "catalog_reader", "select 1"));
    }

    async Task<Cluster> StartAsync(string name)
    {
        var folder = new DataFolder(Path.Combine(root, name));
        var secrets = Secrets.Open(folder);
        var port = FreePorts.One();
        return new(folder, secrets, port, await PrivatePostgres.StartAsync(folder, port, secrets.Database(PrivatePostgres.Owner), _ => { }, default));
    }

    sealed record Cluster(DataFolder Folder, Secrets Secrets, int Port, PrivatePostgres Postgres) : IAsyncDisposable
    {
        /// <summary>The file, by psql, as the compose file and the handbook run it.</summary>
        public async Task RunAsync(string role = PrivatePostgres.Owner)
        {
            var psql = Path.Combine(Path.GetDirectoryName(PostgresBinaries.Find(null).Postgres)!, "psql");
            var start = new ProcessStartInfo(psql, ["-h", Folder.SocketFolder, "-p", $"{Port}", "-U", PrivatePostgres.Owner, "-d", "postgres", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", DeployFiles.PathOf("deploy", "compose", "databases.sql")])
            {
                RedirectStandardError = true,
            };
            start.Environment["PGPASSWORD"] = Secrets.Database(PrivatePostgres.Owner);
            start.Environment["PGOPTIONS"] = $"-c role={role}";
            foreach (var service in (IEnumerable<string>)[.. owners, "reader", "catalog_reader"]) start.Environment[$"{service.ToUpperInvariant()}_DATABASE_PASSWORD"] = Password;
            using var process = Process.Start(start)!;
            var errors = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal((0, ""), (process.ExitCode, errors));
        }

        /// <summary>Every role and database, with who may what.</summary>
        public async Task<List<string>> DescribeAsync()
        {
            await using var connection = await Postgres.ConnectAsOwnerAsync("postgres", default);
            await using var command = new NpgsqlCommand(
                """
                select concat_ws(' ', 'role', rolname, rolcanlogin, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolconnlimit, (select setconfig from pg_db_role_setting where setrole = r.oid)::text)
                from pg_roles as r
                where rolname !~ '^pg_'
                union all
                select concat_ws(' ', 'member', m.member::regrole, 'of', m.roleid::regrole) from pg_auth_members as m where m.member::regrole::text !~ '^pg_'
                union all
                select concat_ws(' ', 'database', datname, 'of', datdba::regrole, a.grantee::regrole, a.privilege_type)
                from pg_database as d, aclexplode(coalesce(datacl, acldefault('d', datdba))) as a
                order by 1
                """, connection);
            await using var reader = await command.ExecuteReaderAsync();
            var found = new List<string>();
            while (await reader.ReadAsync()) found.Add(reader.GetString(0));
            return found;
        }

        public async Task ExecuteAsync(string database, string role, string sql)
        {
            var settings = new NpgsqlConnectionStringBuilder(new PrivatePostgres.Address(Folder.SocketFolder, Port).ConnectionString(database, role, Password)) { Pooling = false };
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }

        public async ValueTask DisposeAsync() => await Postgres.DisposeAsync();
    }
}
