using System.Text;

namespace Rosa.Host.Distributed;

/// <summary>
/// The Redis of this installation alone. All in it may be lost: who is there registers anew, and limits begin anew.
/// </summary>
static class PrivateRedis
{
    public const string Name = "redis";

    public static string Address(Secrets secrets, int portOffset) => $"redis://:{secrets.Store(Name)}@127.0.0.1:{StorePorts.Redis + portOffset}/0";

    public static ChildPlan Plan(DataFolder folder, Secrets secrets, int portOffset)
    {
        var port = StorePorts.Redis + portOffset;
        var account = UnprivilegedAccount.For(folder, "Redis", user: "redis");
        DataFolder.MakePrivately(folder.Redis, account);
        var settings = Path.Combine(folder.Redis, "redis.conf");
        DataFolder.WritePrivately(settings, Encoding.UTF8.GetBytes(
            $"""
            # Written by Rosa at every start: changes made here are lost.
            bind 127.0.0.1
            port {port}
            dir "{folder.Redis}"
            requirepass {secrets.Store(Name)}
            save ""
            appendonly no
            maxmemory 256mb
            maxmemory-policy noeviction
            set-proc-title no

            """), account);
        return new ChildPlan(Name, [.. account?.Prefix() ?? [], Programs.Redis(), settings], Mark: settings, Path.Combine(folder.Logs, "redis.log"))
        {
            IsReadyAsync = token => Answers.TcpAsync(port, token),
            EndsWithin = TimeSpan.FromSeconds(5),
        };
    }
}
