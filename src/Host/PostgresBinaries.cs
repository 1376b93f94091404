using System.Globalization;

namespace Rosa.Host;

/// <summary>A folder with <c>initdb</c> and <c>postgres</c> of one version.</summary>
sealed record PostgresBinaries(string Folder, int Major)
{
    public const int OldestMajor = 14;   // pg_read_all_data, which the reading role is a member of

    public string Initdb => Path.Combine(Folder, "initdb");

    public string Postgres => Path.Combine(Folder, "postgres");

    /// <summary>The version that made the cluster, or the newest there is for a new one.</summary>
    public static PostgresBinaries Find(int? madeBy)
    {
        var found = Candidates().DistinctBy(binaries => binaries.Folder).OrderByDescending(binaries => binaries.Major).ToList();
        if (madeBy is { } major)
        {
            return found.Find(binaries => binaries.Major == major)
                ?? throw new StartProblem($"The databases were made by PostgreSQL {major}, which is not to be found any more. Install it (postgresql-{major}), or start over with ./rosa reset.");
        }
        return found.Find(binaries => binaries.Major >= OldestMajor)
            ?? throw new StartProblem("PostgreSQL is not to be found. Install it: apt-get install postgresql (Debian, Ubuntu), dnf install postgresql-server (Fedora), brew install postgresql@17 (macOS).");
    }

    static IEnumerable<PostgresBinaries> Candidates() =>
        new[] { "/usr/lib/postgresql", "/usr/local/lib/postgresql" }
            .SelectMany(Subfolders)
            .Concat(Subfolders("/usr").Concat(Subfolders("/opt/homebrew/opt")).Concat(Subfolders("/usr/local/opt"))
                .Where(folder => Path.GetFileName(folder).StartsWith("pgsql-", StringComparison.Ordinal) || Path.GetFileName(folder).StartsWith("postgresql", StringComparison.Ordinal)))
            .Select(folder => Path.Combine(folder, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
            .Select(folder => MajorOf(folder) is { } major ? new PostgresBinaries(folder, major) : null)
            .OfType<PostgresBinaries>();

    static string[] Subfolders(string folder) => Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];

    // Debian's folders carry the version; asking the program is for the others, since it takes a process.
    static int? MajorOf(string folder)
    {
        if (int.TryParse(Path.GetFileName(Path.GetDirectoryName(folder)), NumberStyles.None, CultureInfo.InvariantCulture, out var named)) return named;
        var (_, output) = Command.Run(Path.Combine(folder, "postgres"), ["--version"]);   // postgres (PostgreSQL) 17.2 (Homebrew)
        var version = output.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(word => char.IsAsciiDigit(word[0]));
        return int.TryParse(version?.Split('.', 'b', 'r')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : null;
    }
}
