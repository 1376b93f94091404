using StackExchange.Redis;

namespace Rosa.Platform.Redis;

/// <summary><c>redis://:password@host:6379/0</c>, or <c>rediss://</c> over TLS.</summary>
static class RedisAddress
{
    public static ConfigurationOptions Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0 || Database(uri) is not { } database)
            throw new InvalidOperationException("Redis:Address is no address such as redis://:password@host:6379/0.");   // never said with its password

        var overTls = uri.Scheme == "rediss";
        var options = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            ConnectTimeout = 1_000,
            ConnectRetry = 1,
            SyncTimeout = 1_000,
            KeepAlive = 5,
            Ssl = overTls,
            SslHost = overTls ? uri.Host : null,
            Password = Password(uri),
            DefaultDatabase = database,
            TieBreaker = "",
            ConfigurationChannel = "",
        };
        options.EndPoints.Add(uri.Host, uri.Port > 0 ? uri.Port : 6379);
        return options;
    }

    /// <summary>What stands behind the colon; a name before it is of Redis 6's users, which this version of the client does not know.</summary>
    static string? Password(Uri uri) =>
        uri.UserInfo.Length == 0 ? null : Uri.UnescapeDataString(uri.UserInfo[(uri.UserInfo.IndexOf(':', StringComparison.Ordinal) + 1)..]);

    static int? Database(Uri uri) =>
        uri.AbsolutePath is "" or "/" ? 0 : int.TryParse(uri.AbsolutePath.AsSpan(1), out var number) && number is >= 0 and < 16 ? number : null;
}
