using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rosa.Platform.Redis;

namespace Rosa.Web;

/// <summary>
/// Lets one instance of a front exchange a refresh token, and gives the others its outcome. What lies in Redis can be read only by who has the old
/// token: the key is made of it, and so is the entry's name.
/// </summary>
/// <remarks>While Redis is gone every instance exchanges for itself, and gets the same token as the others.</remarks>
public sealed class SharedRenewals(RedisConnection redis)
{
    const string UnderWay = "?", Refused = "!";
    const int NonceBytes = 12;
    const int TagBytes = 16;
    static readonly TimeSpan longestExchange = TimeSpan.FromSeconds(12), remembered = TimeSpan.FromMinutes(2), lookEvery = TimeSpan.FromMilliseconds(25);

    /// <summary>Answers what is there; when there is nothing, the caller has it from now on.</summary>
    const string ClaimScript =
        """
        local there = redis.call('get', KEYS[1])
        if there then return there end
        redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
        return ''
        """;

    const string KeepScript = "return redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])";

    const string DropScript = "return redis.call('del', KEYS[1])";

    internal async Task<Outcome> OnceAsync(string refreshToken, Func<Task<Outcome>> exchange)
    {
        var name = "rosa:renewal:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("name " + refreshToken)));
        var giveUpAt = Environment.TickCount64 + (long)longestExchange.TotalMilliseconds;
        for (; ; await Task.Delay(lookEvery))
        {
            var answer = await redis.RunAsync(ClaimScript, name, UnderWay, (long)longestExchange.TotalMilliseconds);
            var there = answer is null ? null : (string?)answer;
            switch (there)
            {
                case "":
                    return await ExchangeAsync(name, refreshToken, exchange);
                case null:
                    return await exchange();
                case UnderWay when Environment.TickCount64 > giveUpAt:
                    return new Outcome(null, IsRefused: false);   // the shop is slow: the next request tries again
                case UnderWay:
                    continue;
                case Refused:
                    return new Outcome(null, IsRefused: true);
                default:
                    return new Outcome(Decrypt(there, refreshToken), IsRefused: false);
            }
        }
    }

    async Task<Outcome> ExchangeAsync(string name, string refreshToken, Func<Task<Outcome>> exchange)
    {
        var outcome = await exchange();
        if (outcome.Login is null && !outcome.IsRefused) await redis.RunAsync(DropScript, name);
        else await redis.RunAsync(KeepScript, name, outcome.Login is { } login ? Encrypt(login, refreshToken) : Refused, (long)remembered.TotalMilliseconds);
        return outcome;
    }

    // nonce, tag, cipher text
    static string Encrypt(Login login, string refreshToken)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(login, SessionJson.Default.Login);
        var all = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(all.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(KeyOf(refreshToken), TagBytes);
        aes.Encrypt(all.AsSpan(0, NonceBytes), plain, all.AsSpan(NonceBytes + TagBytes), all.AsSpan(NonceBytes, TagBytes));
        return Convert.ToBase64String(all);
    }

    static Login? Decrypt(string kept, string refreshToken)
    {
        var all = Convert.FromBase64String(kept);
        var plain = new byte[all.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(KeyOf(refreshToken), TagBytes);
        aes.Decrypt(all.AsSpan(0, NonceBytes), all.AsSpan(NonceBytes + TagBytes), all.AsSpan(NonceBytes, TagBytes), plain);
        return JsonSerializer.Deserialize(plain, SessionJson.Default.Login);
    }

    static byte[] KeyOf(string refreshToken) => HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(refreshToken), 32, info: "rosa renewal 1"u8.ToArray());
}
