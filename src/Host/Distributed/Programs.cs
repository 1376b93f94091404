namespace Rosa.Host.Distributed;

/// <summary>Where the programs of the distributed shape are. Beside PATH, in which a package's own wrapper may stand that insists on its own user.</summary>
static class Programs
{
    public static string Redis() => Find("redis-server", "redis-server", "redis", []);

    public static string RabbitMq() => Find("rabbitmq-server", "rabbitmq-server", "rabbitmq", ["/usr/lib/rabbitmq/bin"]);

    public static string Epmd() => Find("epmd", "erlang-base", "erlang", []);

    public static string Caddy() => Find("caddy", "caddy", "caddy", []);

    /// <summary>Before anything starts, so that the message comes at once.</summary>
    public static void MustBeThere() => _ = (Redis(), RabbitMq(), Epmd(), Caddy());

    static string Find(string program, string debian, string homebrew, string[] firstIn) =>
        firstIn
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            .Concat(["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin", "/opt/homebrew/bin", "/usr/local/bin"])
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists)
        ?? throw new StartProblem($"{program} is not to be found, which --distributed needs. Install it: apt-get install {debian} (Debian, Ubuntu), brew install {homebrew} (macOS).");
}
