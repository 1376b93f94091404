using Npgsql;
using Rosa.Testing;

namespace Rosa.Host.Tests;

public sealed class ServiceDatabasesTests(ServiceDatabasesTests.Cluster cluster) : IClassFixture<ServiceDatabasesTests.Cluster>
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_owns_its_database()
    {
        await cluster.ExecuteAsync("orders", "orders", "create table own_work (id int primary key); insert into own_work values (1); drop table own_work");
    }

    [Theory]
    [InlineData("orders", "catalog")]
    [InlineData("catalog", "orders")]
    [InlineData("orders", "postgres")]
    [InlineData("orders", "template1")]
    [InlineData(ServiceDatabases.CatalogReader, "orders")]
    [InlineData(ServiceDatabases.CatalogReader, "postgres")]
    public async Task A_service_cannot_open_another_database(string role, string database)
    {
        await Assert.ThrowsAsync<PostgresException>(() => cluster.ExecuteAsync(database, role, "select 1"));
    }

    [Fact]
    public async Task The_databases_themselves_refuse_strangers_whatever_pg_hba_says()
    {
        await using var connection = await cluster.Postgres.ConnectAsOwnerAsync("postgres", Cancellation);
        await using var command = new NpgsqlCommand("select has_database_privilege('orders', 'catalog', 'connect')", connection);
        Assert.Equal(false, await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task A_service_is_nobody_without_its_password()
    {
        var settings = new NpgsqlConnectionStringBuilder(cluster.ConnectionString("orders", "orders")) { Password = "wrong", Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Cancellation));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task The_reader_reads_what_a_service_wrote()
    {
        await cluster.ExecuteAsync("catalog", "catalog", "create table if not exists seen (id int); insert into seen values (1)");
        await cluster.ExecuteAsync("catalog", PrivatePostgres.Reader, "select id from seen");
        await cluster.ExecuteAsync("catalog", ServiceDatabases.CatalogReader, "select id from seen");
    }

    [Theory]
    [InlineData("insert into kept values (1)")]
    [InlineData("update kept set id = 2")]
    [InlineData("delete from kept")]
    [InlineData("truncate kept")]
    [InlineData("drop table kept")]
    [InlineData("create table mine (id int)")]
    [InlineData("create temporary table mine (id int)")]
    [InlineData("create role another")]
    public async Task The_readers_write_nothing_even_when_they_ask_to_be_allowed(string sql)
    {
        await cluster.ExecuteAsync("catalog", "catalog", "create table if not exists kept (id int)");
        foreach (var reader in new[] { PrivatePostgres.Reader, ServiceDatabases.CatalogReader })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() =>
                cluster.ExecuteAsync("catalog", reader, $"set default_transaction_read_only = off; start transaction read write; {sql}; commit"));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task Making_what_is_there_already_changes_nothing()
    {
        await ServiceDatabases.CreateMissingAsync(cluster.Postgres, cluster.Secrets, Cluster.Services, Cancellation);
        await cluster.ExecuteAsync("orders", "orders", "select 1");
    }

    [Fact]
    public async Task Commits_are_durable()
    {
        await using var connection = await cluster.Postgres.ConnectAsOwnerAsync("postgres", Cancellation);
        await using var command = new NpgsqlCommand("select string_agg(setting, ' ' order by name) from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit')", connection);
        Assert.Equal("on on on", await command.ExecuteScalarAsync(Cancellation));
    }

    public sealed class Cluster : IAsyncLifetime
    {
        public static readonly string[] Services = ["catalog", "orders"];

        readonly TemporaryFolder folder = new();
        readonly int port = FreePorts.One();

        internal PrivatePostgres Postgres { get; private set; } = null!;

        internal Secrets Secrets { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Secrets = Secrets.Open(folder.Data);
            Postgres = await PrivatePostgres.StartAsync(folder.Data, port, Secrets.Database(PrivatePostgres.Owner), _ => { }, CancellationToken.None);
            await ServiceDatabases.CreateMissingAsync(Postgres, Secrets, Services, CancellationToken.None);
        }

        public string ConnectionString(string database, string role) =>
            new PrivatePostgres.Address(folder.Data.SocketFolder, port).ConnectionString(database, role, Secrets.Database(role));

        public async Task ExecuteAsync(string database, string role, string sql)
        {
            await using var connection = new NpgsqlConnection(ConnectionString(database, role) + ";Pooling=false");
            await connection.OpenAsync(Cancellation);
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            await Postgres.DisposeAsync();
            folder.Dispose();
        }
    }
}
