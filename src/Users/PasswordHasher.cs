using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Rosa.Platform.Problems;

namespace Rosa.Users;

/// <summary>
/// Hashes passwords with PBKDF2-HMAC-SHA512, a few at a time: each takes a core for about a tenth of a second, and a storm
/// of logins must not take them all.
/// </summary>
/// <remarks>A hash says how it was made, <c>pbkdf2-sha512$210000$salt$hash</c> in Base64, so that settings may change under it.</remarks>
sealed class PasswordHasher(IOptions<UsersOptions> options) : IDisposable
{
    const string Algorithm = "pbkdf2-sha512";
    const int SaltBytes = 16;
    const int HashBytes = 32;

    readonly int iterations = options.Value.PasswordIterations;
    readonly TimeSpan longestWait = options.Value.HashingWait;
    readonly SemaphoreSlim turns = new(options.Value.HashingAtOnce);

    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = await DeriveAsync(password, salt, iterations, cancellationToken);
        return $"{Algorithm}${iterations.ToString(CultureInfo.InvariantCulture)}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }

    /// <summary>Whether the password is the one that was hashed. Without a hash (nobody has that e-mail) it takes as long and says no.</summary>
    public async Task<bool> VerifyAsync(string password, string? storedHash, CancellationToken cancellationToken)
    {
        if (storedHash is null)
        {
            await DeriveAsync(password, new byte[SaltBytes], iterations, cancellationToken);
            return false;
        }
        var stored = Parse(storedHash);
        return CryptographicOperations.FixedTimeEquals(await DeriveAsync(password, stored.Salt, stored.Iterations, cancellationToken), stored.Hash);
    }

    /// <summary>Whether a hash was made with other settings than today's.</summary>
    public bool IsOutdated(string storedHash) => Parse(storedHash).Iterations != iterations;

    async Task<byte[]> DeriveAsync(string password, byte[] salt, int rounds, CancellationToken cancellationToken)
    {
        if (!await turns.WaitAsync(longestWait, cancellationToken)) throw new ProblemException(TooBusy);
        try
        {
            return Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, rounds, HashAlgorithmName.SHA512, HashBytes);
        }
        finally
        {
            turns.Release();
        }
    }

    static readonly Problem TooBusy = new(ProblemKind.Unavailable, "TOO_BUSY", "Too many people sign in right now. Try again shortly.", RetryAfterSeconds: 5);

    static (int Iterations, byte[] Salt, byte[] Hash) Parse(string storedHash) =>
        storedHash.Split('$') is [Algorithm, var rounds, var salt, var hash]
            ? (int.Parse(rounds, CultureInfo.InvariantCulture), Convert.FromBase64String(salt), Convert.FromBase64String(hash))
            : throw new InvalidOperationException("A stored password hash has an unknown form.");

    public void Dispose() => turns.Dispose();
}
