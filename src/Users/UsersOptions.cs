using System.ComponentModel.DataAnnotations;

namespace Rosa.Users;

/// <summary>Every setting of Users, section <c>Users</c>.</summary>
public sealed class UsersOptions
{
    /// <summary>
    /// Rounds of PBKDF2-HMAC-SHA512 a password costs. Default 210,000, what OWASP's Password Storage Cheat Sheet asks of SHA-512.
    /// Raised or lowered, every password is hashed anew at its next login.
    /// </summary>
    [Range(1_000, 10_000_000)]
    public int PasswordIterations { get; init; } = 210_000;

    /// <summary>Passwords hashed at the same time. Default half of the cores, so that a storm of logins leaves the shop the other half.</summary>
    [Range(1, 1_000)]
    public int HashingAtOnce { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>How long a login waits for its turn to be hashed before it is told to come again. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan HashingWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Failed logins for one e-mail within <see cref="FailureWindow"/> after which no password is tried. Default 10.</summary>
    [Range(1, 1_000)]
    public int FailuresPerAccount { get; init; } = 10;

    /// <summary>Failed logins from one address (IPv6: one /64) within <see cref="FailureWindow"/>. Default 300: an office shares one.</summary>
    [Range(1, 1_000_000)]
    public int FailuresPerAddress { get; init; } = 300;

    /// <summary>How long a failed login counts. Default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Networks whose <c>X-Forwarded-For</c> is believed, separated by commas: the gateway's. Default this machine, where the gateway of
    /// the one-process mode runs. A gateway elsewhere must be listed, else all its customers count as one address.
    /// </summary>
    public string TrustedProxies { get; init; } = "127.0.0.0/8,::1/128";

    /// <summary>How long a refresh token may lie unused. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan RefreshTokenLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long the link is good with which somebody confirms their e-mail. Default 3 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan VerifyLinkLifetime { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How soon another mail to confirm the e-mail may be asked for. Default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan VerifyMailEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the link is good with which somebody chooses a new password. Default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ResetLinkLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Links to choose a new password that are mailed to one e-mail within <see cref="ResetWindow"/>; more are asked for in vain. Default 3.</summary>
    [Range(1, 1_000)]
    public int ResetsPerAccount { get; init; } = 3;

    /// <summary>Such links that may be asked for from one address (IPv6: one /64) within <see cref="ResetWindow"/>. Default 60: an office shares one.</summary>
    [Range(1, 1_000_000)]
    public int ResetsPerAddress { get; init; } = 60;

    /// <summary>How long asking for a new password counts. Default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ResetWindow { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The services that keep personal data, separated by commas: each gives its part of the file in which people get all that is held about them.
    /// Default all that there are. Orders names the orders, so it is asked first.
    /// </summary>
    public string PersonalDataFrom { get; init; } = "orders,catalog,promotions,payments,notifications,recommendations";

    /// <summary>How long a key signs before the next one does. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeyLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a new key is published before it signs. Default 10 minutes, as long as services keep the keys they fetched.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan KeyPublishedBefore { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Encrypts the private signing keys in the database, so that a backup or a reader of the tables cannot sign tokens. All instances share it;
    /// a new one makes a new key at once and logs nobody out. Without it the keys are stored as they are.
    /// </summary>
    [MinLength(16)]
    public string? KeySecret { get; init; }

    /// <summary>The first admin of a production shop, made at start unless somebody has the e-mail.</summary>
    public FirstPerson? FirstAdmin { get; init; }

    /// <summary>Further first people, by role: <c>Users:Logins:employee:Email</c>. For demo shops.</summary>
    public Dictionary<string, FirstPerson> Logins { get; init; } = [];
}

/// <summary>Somebody who has an account from the first start on.</summary>
public sealed class FirstPerson
{
    public string Email { get; init; } = "";

    public string Password { get; init; } = "";
}
