using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Rosa.Host;

/// <summary>
/// The PostgreSQL of this installation alone: its own cluster, port and socket. It runs as a process of its own session, so that
/// Ctrl-C in a terminal reaches the host and not it, and outlives a host that is killed; the next one adopts it.
/// </summary>
sealed class PrivatePostgres : IAsyncDisposable
{
    public const string Owner = "rosa", Reader = "rosa_reader";

    /// <summary>Where it answers, known before it runs.</summary>
    public sealed record Address(string SocketFolder, int Port)
    {
        /// <summary>Through the socket, which is cheaper than TCP and reached by this machine alone.</summary>
        public string ConnectionString(string database, string role, string password) => new NpgsqlConnectionStringBuilder
        {
            Host = SocketFolder,
            Port = Port,
            Database = database,
            Username = role,
            Password = password,
            ApplicationName = role,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Timeout = 5,
            MaxPoolSize = 8,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
        }.ConnectionString;
    }

    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    readonly DataFolder folder;
    readonly int port;
    readonly string ownerPassword;
    readonly Action<string> say;
    readonly UnprivilegedAccount? account;
    readonly PostgresCluster cluster;
    readonly CancellationTokenSource stopping = new();
    Task watch = Task.CompletedTask;

    PrivatePostgres(DataFolder folder, int port, string ownerPassword, int maxConnections, Action<string> say)
    {
        this.folder = folder;
        this.port = port;
        this.ownerPassword = ownerPassword;
        this.say = say;
        account = UnprivilegedAccount.For(folder, "PostgreSQL", user: "postgres");
        cluster = new PostgresCluster(folder, account, maxConnections);
    }

    public int ProcessId { get; private set; }

    public int Port => port;

    /// <summary>After a crash: it runs again, as another process.</summary>
    public event Action? Restarted;

    /// <summary>Returns when it answers. The folder's lock is held by the caller, so nobody else starts it meanwhile.</summary>
    public static async Task<PrivatePostgres> StartAsync(
        DataFolder folder, int port, string ownerPassword, Action<string> say, CancellationToken cancellationToken, int maxConnections = 100)
    {
        var postgres = new PrivatePostgres(folder, port, ownerPassword, maxConnections, say);
        var binaries = PostgresBinaries.Find(postgres.cluster.Version);
        if (!await postgres.AdoptAsync(cancellationToken))
        {
            Ports.MustBeFree(port, wantedBy: "PostgreSQL");
            if (postgres.cluster.Version is null)
            {
                say("Creating the databases.");
                postgres.cluster.Create(binaries, ownerPassword);
            }
            await postgres.LaunchAsync(binaries, cancellationToken);
        }
        postgres.watch = postgres.WatchAsync(binaries);
        return postgres;
    }

    /// <summary>As the owner of the cluster, outside any pool: for what only a start does.</summary>
    public async Task<NpgsqlConnection> ConnectAsOwnerAsync(string database, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(new Address(folder.SocketFolder, port).ConnectionString(database, Owner, ownerPassword)) { Pooling = false, MaxAutoPrepare = 0 };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            await connection.DisposeAsync();
            throw new StartProblem($"{folder.Secrets} holds another password than the databases beside it. Put the right file back, or start over with ./rosa reset.");
        }
        return connection;
    }

    /// <summary>Lets transactions under way fail and writes everything down, so that the next start has nothing to recover.</summary>
    public async Task StopAsync()
    {
        await StopWatchingAsync();
        if (ProcessId != 0) await EndAsync(ProcessId);
        ProcessId = 0;
    }

    /// <summary>PostgreSQL goes on by itself, as after a host that was killed.</summary>
    public async Task StopWatchingAsync()
    {
        await stopping.CancelAsync();
        await watch;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
    }

    // One that a killed host left behind is as good as a new one, unless it listens elsewhere or was set up for another shape.
    async Task<bool> AdoptAsync(CancellationToken cancellationToken)
    {
        if (PostmasterFile.Read(folder) is not { } running || !running.IsRunning(folder)) return false;
        if (running.Port == port && running.SocketFolder == folder.SocketFolder && !running.IsStopping && cluster.IsConfiguredFor(port) && await IsReadyAsync(running.ProcessId, cancellationToken))
        {
            say($"PostgreSQL still runs (process {running.ProcessId}): going on with it.");
            ProcessId = running.ProcessId;
            return true;
        }
        await EndAsync(running.ProcessId);
        return false;
    }

    async Task LaunchAsync(PostgresBinaries binaries, CancellationToken cancellationToken)
    {
        cluster.Configure(port);
        for (var attempt = 1; ; attempt++)
        {
            var logFrom = File.Exists(folder.PostgresLog) ? new FileInfo(folder.PostgresLog).Length : 0;
            using var process = Launch(binaries);
            try
            {
                if (await IsReadyAsync(process.Id, cancellationToken))
                {
                    ProcessId = process.Id;
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                await EndAsync(process.Id);
                throw;
            }

            var reason = LogSince(logFrom);
            if (StartProblem.SaysDiskIsFull(reason)) throw StartProblem.DiskIsFull(folder.Path);
            // The processes of one that was killed need a moment to notice that it is gone.
            var othersStillEnding = reason.Contains("is still in use", StringComparison.Ordinal) || reason.Contains("lock file", StringComparison.Ordinal);
            if (!othersStillEnding || attempt == 50) throw new StartProblem($"PostgreSQL does not start:\n{reason}\nThe whole log: {folder.PostgresLog}");
            await Task.Delay(200, cancellationToken);
        }
    }

    Process Launch(PostgresBinaries binaries)
    {
        var start = DetachedProcess.Start(folder.PostgresLog, workingFolder: "/", [.. account?.Prefix() ?? [], binaries.Postgres, "-D", folder.Cluster]);
        Command.CleanEnvironment(start);
        return DetachedProcess.Run(start);
    }

    // After a crash it reads its log first, which takes as long as it takes; only its end says that it will not be ready.
    async Task<bool> IsReadyAsync(int pid, CancellationToken cancellationToken)
    {
        var patience = Environment.TickCount64 + 2000;
        while (SystemProcess.IsAlive(pid))
        {
            if (PostmasterFile.Read(folder) is { IsReady: true } file && file.ProcessId == pid) return true;
            if (Environment.TickCount64 > patience)
            {
                say("Waiting for PostgreSQL, which puts its files in order after a crash.");
                patience = long.MaxValue;
            }
            await Task.Delay(10, cancellationToken);
        }
        return false;
    }

    async Task WatchAsync(PostgresBinaries binaries)
    {
        try
        {
            using var timer = new PeriodicTimer(LookEvery);
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                if (SystemProcess.IsAlive(ProcessId)) continue;
                say($"PostgreSQL (process {ProcessId}) has ended: starting it again.");
                ProcessId = 0;
                await RelaunchAsync(binaries);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    // A full disk, say, may last; the services answer 503 until it is over, and nobody needs to start Rosa anew.
    async Task RelaunchAsync(PostgresBinaries binaries)
    {
        while (ProcessId == 0)
        {
            try
            {
                await LaunchAsync(binaries, stopping.Token);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                say($"PostgreSQL did not come back, next attempt in 5 seconds. {exception.Message}");
                await Task.Delay(TimeSpan.FromSeconds(5), stopping.Token);
            }
        }
        say($"PostgreSQL runs again (process {ProcessId}).");
        try
        {
            Restarted?.Invoke();
        }
        catch (Exception exception)
        {
            say($"Nobody could be told of it: {exception.Message}");   // and it is watched on
        }
    }

    async Task EndAsync(int pid)
    {
        SystemProcess.Signal(pid, SystemProcess.Interrupt);
        if (await SystemProcess.EndsWithinAsync(pid, TimeSpan.FromSeconds(20))) return;
        say("PostgreSQL takes too long to stop: it will put its files in order at the next start.");
        SystemProcess.Signal(pid, SystemProcess.Quit);
        if (await SystemProcess.EndsWithinAsync(pid, TimeSpan.FromSeconds(6))) return;
        SystemProcess.Signal(pid, SystemProcess.KillNow);
    }

    string LogSince(long position)
    {
        if (!File.Exists(folder.PostgresLog)) return "It said nothing.";
        using var log = new FileStream(folder.PostgresLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Position = Math.Min(position, log.Length);
        using var reader = new StreamReader(log);
        return string.Join('\n', reader.ReadToEnd().Trim().Split('\n').TakeLast(10));
    }
}
