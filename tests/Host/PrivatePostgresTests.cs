using System.Net;
using System.Net.Sockets;
using Npgsql;
using Rosa.Testing;

namespace Rosa.Host.Tests;

public sealed class PrivatePostgresTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly int port = FreePorts.One();
    readonly List<string> said = [];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task PostgreSQL_that_is_killed_is_started_again_with_all_that_was_committed()
    {
        await using var postgres = await StartAsync(folder.Data);
        await ExecuteAsync(postgres, "create table promised (id int); insert into promised values (42)");
        var told = 0;
        postgres.Restarted += () => told++;

        var killed = postgres.ProcessId;
        SystemProcess.Signal(killed, SystemProcess.KillNow);
        await Eventually.IsTrueAsync(() => told == 1, "PostgreSQL was started again");

        Assert.NotEqual(killed, postgres.ProcessId);
        Assert.Equal(42, await ExecuteAsync(postgres, "select id from promised"));
        Assert.Contains(said, message => message.Contains("has ended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stale_process_file_is_no_obstacle()
    {
        await using (var first = await StartAsync(folder.Data))
        {
            await ExecuteAsync(first, "create table promised (id int)");
        }
        // The number of this very test process: alive, and not PostgreSQL.
        await File.WriteAllTextAsync(Path.Combine(folder.Data.Cluster, "postmaster.pid"),
            $"{Environment.ProcessId}\n{folder.Data.Cluster}\n1\n{port}\n{folder.Data.SocketFolder}\n127.0.0.1\n0 0\nready\n", Cancellation);

        await using var second = await StartAsync(folder.Data);
        Assert.NotEqual(Environment.ProcessId, second.ProcessId);
        await ExecuteAsync(second, "select from promised");
    }

    [Fact]
    public async Task After_a_stop_no_process_is_left()
    {
        var postgres = await StartAsync(folder.Data);
        var pid = postgres.ProcessId;
        await postgres.DisposeAsync();
        Assert.False(SystemProcess.IsAlive(pid));
        Assert.Null(PostmasterFile.Read(folder.Data));
    }

    [Fact]
    public async Task A_folder_with_a_long_name_works_although_a_socket_address_is_short()
    {
        var deep = new DataFolder(Path.Combine(folder.Root, new string('d', 80), new string('e', 80)));
        Assert.StartsWith("/tmp/rosa-", deep.SocketFolder, StringComparison.Ordinal);
        await using (var postgres = await StartAsync(deep))
        {
            Assert.Equal(1, await ExecuteAsync(postgres, "select 1"));
        }
        Directory.Delete(deep.SocketFolder, recursive: true);
    }

    [Fact]
    public async Task A_taken_port_is_named_and_so_is_who_has_it()
    {
        using var other = new TcpListener(IPAddress.Loopback, port);
        other.Start();
        var problem = await Assert.ThrowsAsync<StartProblem>(() => StartAsync(folder.Data));
        Assert.Contains($"Port {port}", problem.Message, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux()) Assert.Contains($"process {Environment.ProcessId}", problem.Message, StringComparison.Ordinal);
        Assert.Contains("--port-offset", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_creation_is_begun_again()
    {
        Directory.CreateDirectory(folder.Data.Cluster + ".new");
        await File.WriteAllTextAsync(Path.Combine(folder.Data.Cluster + ".new", "PG_VERSION"), "15\n", Cancellation);
        await using var postgres = await StartAsync(folder.Data);
        Assert.Equal(1, await ExecuteAsync(postgres, "select 1"));
    }

    [Fact]
    public async Task A_cluster_of_a_version_that_is_gone_says_which_to_install()
    {
        Directory.CreateDirectory(folder.Data.Cluster);
        await File.WriteAllTextAsync(Path.Combine(folder.Data.Cluster, "PG_VERSION"), "9\n", Cancellation);
        var problem = await Assert.ThrowsAsync<StartProblem>(() => StartAsync(folder.Data));
        Assert.Contains("postgresql-9", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_port_at_the_next_start_moves_a_PostgreSQL_that_was_left_running()
    {
        // Left behind, as by a host that was killed: nobody watches it any more.
        var left = await StartAsync(folder.Data);
        var pid = left.ProcessId;
        await left.StopWatchingAsync();

        var elsewhere = FreePorts.One();
        await using var moved = await PrivatePostgres.StartAsync(folder.Data, elsewhere, "owner", said.Add, Cancellation);
        Assert.NotEqual(pid, moved.ProcessId);
        Assert.Equal(elsewhere, PostmasterFile.Read(folder.Data)!.Port);
    }

    [Fact]
    public async Task A_PostgreSQL_that_was_left_running_is_adopted()
    {
        var left = await StartAsync(folder.Data);
        await left.StopWatchingAsync();

        await using var adopted = await StartAsync(folder.Data);
        Assert.Equal(left.ProcessId, adopted.ProcessId);

        SystemProcess.Signal(adopted.ProcessId, SystemProcess.KillNow);
        await Eventually.IsTrueAsync(() => adopted.ProcessId != 0 && adopted.ProcessId != left.ProcessId, "the adopted one was started again");
    }

    Task<PrivatePostgres> StartAsync(DataFolder data) => PrivatePostgres.StartAsync(data, port, ownerPassword: "owner", said.Add, Cancellation);

    static async Task<object?> ExecuteAsync(PrivatePostgres postgres, string sql)
    {
        await using var connection = await postgres.ConnectAsOwnerAsync("postgres", Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
