using System.Diagnostics;
using Npgsql;

namespace Rosa.Testing;

/// <summary>A real PostgreSQL server of this test run: started by the first who asks, ended with the process. Not durable, therefore quick.</summary>
public sealed class TestPostgres
{
    static readonly Lazy<Task<TestPostgres>> shared = new(StartAsync);
    static int databases;

    readonly string folder;

    TestPostgres(string folder, int port)
    {
        this.folder = folder;
        Port = port;
    }

    public int Port { get; }

    /// <summary>A new, empty database on the server of this run.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> CreateDatabaseAsync(string name = "test")
    {
        var server = await shared.Value;
        var database = $"{name}_{Interlocked.Increment(ref databases)}";
        await using var connection = new NpgsqlConnection(server.ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"create database {database}", connection);
        await create.ExecuteNonQueryAsync();
        return server.ConnectionString(database);
    }

    string ConnectionString(string database) =>
        $"Host={folder};Port={Port};Username=postgres;Database={database};Maximum Pool Size=8;Max Auto Prepare=100;Auto Prepare Min Usages=2;Timeout=15";

    static async Task<TestPostgres> StartAsync()
    {
        var binaries = Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => d.Length).ThenByDescending(d => d, StringComparer.Ordinal)
            .Select(d => Path.Combine(d, "bin")).First(d => File.Exists(Path.Combine(d, "initdb")));
        var folder = Directory.CreateTempSubdirectory("rosa-pg-").FullName;
        var asRoot = Environment.UserName == "root";
        if (asRoot)
        {
            await RunAsync("chown", ["postgres:", folder], asRoot: false);
            await RunAsync("chmod", ["755", folder], asRoot: false);
        }

        var port = FreePorts.One();
        await RunAsync(Path.Combine(binaries, "initdb"), ["-D", $"{folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], asRoot);
        await RunAsync(Path.Combine(binaries, "pg_ctl"),
        [
            "-D", $"{folder}/data", "-w", "-l", $"{folder}/log", "-o",
            $"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c jit=off", "start",
        ], asRoot);

        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            RunAsync(Path.Combine(binaries, "pg_ctl"), ["-D", $"{folder}/data", "-m", "immediate", "stop"], asRoot).GetAwaiter().GetResult();
            Directory.Delete(folder, recursive: true);
        };
        return new TestPostgres(folder, port);
    }

    static async Task RunAsync(string program, IReadOnlyList<string> arguments, bool asRoot)
    {
        string[] command = asRoot ? ["runuser", "-u", "postgres", "--", program, .. arguments] : [program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/tmp", RedirectStandardOutput = false, RedirectStandardError = false };
        if (program.EndsWith("initdb", StringComparison.Ordinal) || program.EndsWith("pg_ctl", StringComparison.Ordinal))
            start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", .. command]) { WorkingDirectory = "/tmp" };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
