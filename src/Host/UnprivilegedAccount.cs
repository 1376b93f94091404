using System.Globalization;

namespace Rosa.Host;

/// <summary>
/// The user that a store runs as. PostgreSQL refuses to run as root, and the others should not, so a Rosa started by root gives each its
/// own (<c>postgres</c>, <c>redis</c>), or <c>nobody</c> where there is no such user; everybody else's run as they are.
/// </summary>
sealed record UnprivilegedAccount(int Uid, int Gid, bool MustPassClosedFolders)
{
    /// <summary>Null when no other account is needed.</summary>
    /// <param name="program">For messages: <c>PostgreSQL</c>.</param>
    /// <param name="user">The program's own user where the system has one.</param>
    public static UnprivilegedAccount? For(DataFolder folder, string program, string user)
    {
        if (!Environment.IsPrivilegedProcess) return null;
        if (!OperatingSystem.IsLinux()) throw new StartProblem($"{program} does not run as root. Start Rosa as yourself.");
        var account = Find(user) ?? Find("nobody") ?? throw new StartProblem($"{program} does not run as root, and there is neither a user {user} nor nobody. Create one, or start Rosa as yourself.");
        return account with { MustPassClosedFolders = IsClosed(folder.Path, program) };
    }

    /// <summary>
    /// The words before a command that make it run as this user. A checkout in root's home or in a <c>mktemp -d</c> is closed to
    /// others on the way. Opening folders that are not ours would be wrong, so the program is given the one right that it lacks, to
    /// pass through them, instead.
    /// </summary>
    public IEnumerable<string> Prefix()
    {
        string[] identity = ["setpriv", string.Create(CultureInfo.InvariantCulture, $"--reuid={Uid}"), string.Create(CultureInfo.InvariantCulture, $"--regid={Gid}"), "--clear-groups"];
        return MustPassClosedFolders ? [.. identity, "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--"] : [.. identity, "--"];
    }

    public void Own(string path) => SystemProcess.ChangeOwner(path, Uid, Gid);

    static UnprivilegedAccount? Find(string name) =>
        File.ReadLines("/etc/passwd")
            .Select(line => line.Split(':'))
            .Where(column => column.Length > 3 && column[0] == name)
            .Select(column => new UnprivilegedAccount(int.Parse(column[2], CultureInfo.InvariantCulture), int.Parse(column[3], CultureInfo.InvariantCulture), false))
            .FirstOrDefault();

    static bool IsClosed(string path, string program)
    {
        for (var folder = path; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (!File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherExecute)) return MayPassOnTheRight(path, program);
        }
        return false;
    }

    // Containers often run without this right (bit 2 of the capabilities), even as root.
    static bool MayPassOnTheRight(string path, string program)
    {
        const ulong dacReadSearch = 1 << 2;
        var effective = File.ReadLines("/proc/self/status").First(line => line.StartsWith("CapEff:", StringComparison.Ordinal))["CapEff:".Length..].Trim();
        if ((ulong.Parse(effective, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & dacReadSearch) != 0) return true;
        throw new StartProblem($"{program} does not run as root, and its user cannot reach {path}, because a folder on the way is closed to others. Choose one that is open, such as --data /var/lib/rosa.");
    }
}
