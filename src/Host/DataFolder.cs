using System.Security.Cryptography;
using System.Text;

namespace Rosa.Host;

/// <summary>Everything that Rosa keeps on this machine, under one folder: <c>.rosa</c> unless <c>--data</c> names another.</summary>
sealed class DataFolder
{
    public DataFolder(string path)
    {
        Directory.CreateDirectory(path);
        Path = RealPath(path);
    }

    public string Path { get; }

    public string LockFile => System.IO.Path.Combine(Path, "host.lock");

    public string ProcessFile => System.IO.Path.Combine(Path, "host.pid");

    public string RosaJson => System.IO.Path.Combine(Path, "rosa.json");

    public string Secrets => System.IO.Path.Combine(Path, "secrets.json");

    public string Images => System.IO.Path.Combine(Path, "images");

    public string Postgres => System.IO.Path.Combine(Path, "postgres");

    public string Cluster => System.IO.Path.Combine(Postgres, "data");

    public string PostgresLog => System.IO.Path.Combine(Postgres, "postgres.log");

    public string Logs => System.IO.Path.Combine(Path, "logs");

    /// <summary>What the supervisor of a distributed Rosa keeps about its processes: settings, numbers, its socket.</summary>
    public string Run => System.IO.Path.Combine(Path, "run");

    public string Redis => System.IO.Path.Combine(Path, "redis");

    public string RabbitMq => System.IO.Path.Combine(Path, "rabbitmq");

    public string Caddy => System.IO.Path.Combine(Path, "caddy");

    /// <summary>
    /// Where PostgreSQL puts its socket. The address of a Unix socket holds at most 107 bytes (103 on macOS), so a folder with a long
    /// name gets a short one beside it in the system's temporary folder.
    /// </summary>
    public string SocketFolder => ShortPath(System.IO.Path.Combine(Postgres, "socket"), longestName: "/.s.PGSQL.65535.lock", suffix: "");

    /// <summary>The folder of the socket on which the supervisor is told to roll.</summary>
    public string ControlFolder => ShortPath(System.IO.Path.Combine(Run, "control"), longestName: "/control.sock", suffix: "-control");

    string ShortPath(string beside, string longestName, string suffix)
    {
        if (Encoding.UTF8.GetByteCount(beside) + longestName.Length < 100) return beside;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path));
        return $"/tmp/rosa-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}{suffix}";
    }

    /// <summary>Writes the whole file or nothing of it, readable by its owner only.</summary>
    /// <param name="owner">Who it is given to; null: it stays ours.</param>
    public static void WritePrivately(string file, ReadOnlySpan<byte> content, UnprivilegedAccount? owner = null)
    {
        var draft = $"{file}.{Environment.ProcessId}.new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        owner?.Own(draft);
        File.Move(draft, file, overwrite: true);
    }

    /// <summary>A folder that its owner alone may enter.</summary>
    public static void MakePrivately(string path, UnprivilegedAccount? owner = null)
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is not null) throw new StartProblem($"{path} is a link, and nobody knows whose. Remove it.");
        Directory.CreateDirectory(path, ownerOnly);
        owner?.Own(path);
        try
        {
            File.SetUnixFileMode(path, ownerOnly);
        }
        catch (UnauthorizedAccessException)
        {
            throw new StartProblem($"{path} belongs to another user. Remove it, or choose another folder with --data DIR.");
        }
    }

    // PostgreSQL compares the folder it was started on with the one that it finds, so a link on the way would make them differ.
    static string RealPath(string path)
    {
        var real = "/";
        foreach (var part in System.IO.Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = System.IO.Path.Combine(real, part);
            real = Directory.ResolveLinkTarget(next, returnFinalTarget: true)?.FullName ?? next;
        }
        return real;
    }
}
