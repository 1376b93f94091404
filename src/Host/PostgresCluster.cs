using System.Globalization;
using System.Text;

namespace Rosa.Host;

/// <summary>The files of the private cluster: made once, configured anew at every start.</summary>
sealed class PostgresCluster(DataFolder folder, UnprivilegedAccount? account, int maxConnections)
{
    /// <summary>The version that made it; null when there is none yet.</summary>
    public int? Version
    {
        get
        {
            var file = Path.Combine(folder.Cluster, "PG_VERSION");
            return File.Exists(file) ? int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) : null;
        }
    }

    /// <summary>Made under another name and renamed when whole, so that an interrupted start leaves no half of a cluster.</summary>
    public void Create(PostgresBinaries binaries, string ownerPassword)
    {
        OwnFolder(folder.Postgres);
        var draft = folder.Cluster + ".new";
        if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        OwnFolder(draft);
        var passwordFile = Path.Combine(folder.Postgres, "owner-password");
        OwnFile(passwordFile, ownerPassword);
        try
        {
            string[] locale = OperatingSystem.IsMacOS() ? ["--locale=C", "--lc-ctype=UTF-8"] : ["--locale=C.UTF-8"];
            string[] initdb = [.. account?.Prefix() ?? [], binaries.Initdb, "-D", draft, "-U", PrivatePostgres.Owner, "-A", "scram-sha-256", $"--pwfile={passwordFile}", "-E", "UTF8", .. locale];
            var (exitCode, output) = Command.Run(initdb[0], initdb[1..]);
            if (StartProblem.SaysDiskIsFull(output)) throw StartProblem.DiskIsFull(folder.Path);
            if (exitCode != 0) throw new StartProblem($"The databases could not be created:\n{output.Trim()}");
        }
        finally
        {
            File.Delete(passwordFile);
        }
        Directory.Move(draft, folder.Cluster);
    }

    /// <summary>Whether one that runs was started with the settings that it would be given now.</summary>
    public bool IsConfiguredFor(int port)
    {
        var file = Path.Combine(folder.Cluster, "postgresql.conf");
        return File.Exists(file) && File.ReadAllText(file) == Settings(port);
    }

    public void Configure(int port)
    {
        OwnFolder(folder.SocketFolder);
        OwnFile(Path.Combine(folder.Cluster, "postgresql.conf"), Settings(port));
        OwnFile(Path.Combine(folder.Cluster, "pg_hba.conf"), Doors);
    }

    // What is promised to a customer is on disk: fsync, synchronous_commit and full_page_writes are said although they are the
    // defaults. The rest keeps it small beside the services, and the disk quiet; statements are prepared and planned once, as planning
    // a look-up by id anew takes several times as long as the look-up. A refused statement is logged without its detail, which holds the row: somebody's address.
    // What a crash leaves to be read again is bounded by the checkpoints: a minute of writing.
    string Settings(int port) => string.Create(CultureInfo.InvariantCulture, $"""
        # Written by Rosa at every start: changes made here are lost.
        listen_addresses = '127.0.0.1'
        port = {port}
        unix_socket_directories = '{folder.SocketFolder.Replace("'", "''", StringComparison.Ordinal)}'
        unix_socket_permissions = 0700
        password_encryption = 'scram-sha-256'
        max_connections = {maxConnections}

        fsync = on
        synchronous_commit = on
        full_page_writes = on
        wal_compression = on
        checkpoint_timeout = 1min
        max_wal_size = 1GB
        {AfterACrash}

        shared_buffers = 128MB
        work_mem = 8MB
        plan_cache_mode = force_generic_plan
        jit = off
        random_page_cost = 1.1
        max_parallel_workers_per_gather = 0
        timezone = 'UTC'
        log_timezone = 'UTC'
        lc_messages = 'C'
        log_line_prefix = '%m [%p] %q%u@%d '
        log_checkpoints = off
        log_error_verbosity = terse

        """);

    // Linux writes a whole file system down with one call, in place of opening thousands of files one by one.
    static string AfterACrash => OperatingSystem.IsLinux() ? "recovery_init_sync_method = syncfs" : "";

    // By the database of one's own name and no other, on top of what the databases themselves allow.
    const string Doors = $"""
        # Written by Rosa at every start: changes made here are lost.
        local  all       {PrivatePostgres.Owner}                scram-sha-256
        local  all       {PrivatePostgres.Reader}                scram-sha-256
        host   all       {PrivatePostgres.Reader}  127.0.0.1/32  scram-sha-256
        local  catalog   {ServiceDatabases.CatalogReader}             scram-sha-256
        host   catalog   {ServiceDatabases.CatalogReader}  127.0.0.1/32  scram-sha-256
        local  sameuser  all                 scram-sha-256
        host   sameuser  all   127.0.0.1/32  scram-sha-256

        """;

    void OwnFolder(string path) => DataFolder.MakePrivately(path, account);

    void OwnFile(string path, string content) => DataFolder.WritePrivately(path, Encoding.UTF8.GetBytes(content), account);
}
