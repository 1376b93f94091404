using System.Net;
using System.Net.Sockets;
using Npgsql;
using Rosa.Testing;

namespace Rosa.Host.Tests;

public sealed class RosaHostTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly int offset = FreePorts.Offset();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_it_says_in_rosa_json_is_true()
    {
        using var host = await new HostProcess(folder.Data, offset).IsReadyAsync();
        var rosa = host.RosaJson;

        var users = rosa.GetProperty("services").EnumerateObject().Single();
        Assert.Equal("users", users.Name);
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync($"{users.Value.GetProperty("http").GetString()}/health/ready")).StatusCode);

        var postgres = rosa.GetProperty("postgres");
        var reader = new NpgsqlConnectionStringBuilder
        {
            Host = postgres.GetProperty("host").GetString(),
            Port = postgres.GetProperty("port").GetInt32(),
            Username = postgres.GetProperty("user").GetString(),
            Password = postgres.GetProperty("password").GetString(),
            Database = postgres.GetProperty("databases").GetProperty("users").GetString(),
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(reader.ConnectionString);
        await connection.OpenAsync();

        Assert.Null(rosa.GetProperty("gateway").GetString());
        Assert.Null(rosa.GetProperty("storefront").GetString());
        Assert.Null(rosa.GetProperty("backoffice").GetString());
        Assert.Equal(["customer", "employee", "admin"], rosa.GetProperty("logins").EnumerateObject().Select(login => login.Name));
        Assert.Equal("admin@rosa.example", rosa.GetProperty("logins").GetProperty("admin").GetProperty("email").GetString());
        Assert.All([host.Pid("host"), host.Pid("postgres")], pid => Assert.True(SystemProcess.IsAlive(pid)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.Data.RosaJson));
    }

    [Fact]
    public async Task Told_to_stop_it_leaves_no_process_and_no_address_behind()
    {
        using var host = await new HostProcess(folder.Data, offset).IsReadyAsync();
        var postgres = host.Pid("postgres");
        host.Terminate();
        Assert.Equal(0, (await host.EndAsync()).ExitCode);
        Assert.False(SystemProcess.IsAlive(postgres));
        Assert.False(File.Exists(host.Data.RosaJson));
    }

    [Fact]
    public async Task After_a_kill_the_next_one_goes_on_with_the_same_PostgreSQL_and_the_same_logins()
    {
        using var killed = await new HostProcess(folder.Data, offset).IsReadyAsync();
        var (postgres, logins) = (killed.Pid("postgres"), killed.RosaJson.GetProperty("logins").ToString());
        killed.Kill();
        await killed.EndAsync();
        Assert.True(SystemProcess.IsAlive(postgres));

        using var next = await new HostProcess(folder.Data, offset).IsReadyAsync();
        Assert.Equal(postgres, next.Pid("postgres"));
        Assert.Equal(logins, next.RosaJson.GetProperty("logins").ToString());
    }

    [Fact]
    public async Task After_everything_was_killed_it_starts_as_if_nothing_had_happened()
    {
        using var killed = await new HostProcess(folder.Data, offset).IsReadyAsync();
        var postgres = killed.Pid("postgres");
        killed.Kill();
        SystemProcess.Signal(postgres, SystemProcess.KillNow);
        await killed.EndAsync();

        using var next = await new HostProcess(folder.Data, offset).IsReadyAsync();
        Assert.NotEqual(postgres, next.Pid("postgres"));
    }

    [Fact]
    public async Task When_PostgreSQL_is_killed_rosa_json_names_the_new_one()
    {
        using var host = await new HostProcess(folder.Data, offset).IsReadyAsync();
        var killed = host.Pid("postgres");
        SystemProcess.Signal(killed, SystemProcess.KillNow);
        await Eventually.IsTrueAsync(() => host.Pid("postgres") != killed, "rosa.json names another process");
    }

    [Fact]
    public async Task A_second_one_on_the_folder_is_refused_and_harms_nobody()
    {
        using var first = await new HostProcess(folder.Data, offset).IsReadyAsync();
        var second = new HostProcess(folder.Data, offset);
        var (exitCode, errors) = await second.EndAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains($"Another Rosa (process {first.Id})", errors, StringComparison.Ordinal);
        Assert.Equal(first.Id, first.Pid("host"));
    }

    [Fact]
    public async Task A_taken_port_ends_it_with_the_port_and_the_service_in_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 8001 + offset);
        other.Start();
        using var host = new HostProcess(folder.Data, offset);
        var (exitCode, errors) = await host.EndAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains($"Port {8001 + offset}, which users wants", errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
    }
}
