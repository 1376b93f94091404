using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rosa.Host;

/// <summary>An account to sign in with, as <c>rosa.json</c> shows it.</summary>
sealed record Login(string Email, string Password);

/// <summary>Every password of this installation, made at random when it is first asked for, and kept.</summary>
sealed class Secrets
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    readonly string file;
    readonly JsonObject values;
    bool changed;

    Secrets(string file, JsonObject values) => (this.file, this.values) = (file, values);

    public static Secrets Open(DataFolder folder)
    {
        if (!File.Exists(folder.Secrets))
        {
            // Nobody could sign in to a cluster whose passwords are lost, and making new ones would hide that.
            if (File.Exists(Path.Combine(folder.Cluster, "PG_VERSION")))
            {
                throw new StartProblem($"{folder.Secrets} is missing, and with it the passwords of the databases beside it. Put it back, or start over with ./rosa reset.");
            }
            return new Secrets(folder.Secrets, []);
        }
        try
        {
            return new Secrets(folder.Secrets, JsonNode.Parse(File.ReadAllBytes(folder.Secrets))!.AsObject());
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new StartProblem($"{folder.Secrets} cannot be read: {exception.Message} Put a good copy back, or start over with ./rosa reset.");
        }
    }

    /// <summary>The password of a database role.</summary>
    public string Database(string role) => Get("postgres", role, RandomSecret);

    /// <summary>What a service proves itself with to Users, to be given a token.</summary>
    public string Service(string name) => Get("services", name, RandomSecret);

    /// <summary>The password of the broker or of Redis.</summary>
    public string Store(string name) => Get("stores", name, RandomSecret);

    /// <summary>What Users encrypts its signing keys with: the reader of all databases cannot sign tokens.</summary>
    public string SigningKeys => Get("users", "signing-keys", RandomSecret);

    /// <summary>What a front encrypts its visitors' sessions with: they outlive a restart.</summary>
    public string Sessions(string front) => Get("sessions", front, RandomSecret);

    /// <summary>The password of a demo login, short enough to be typed.</summary>
    public Login Login(string role) => new($"{role}@rosa.example", Get("logins", role, RandomPassword));

    /// <summary>Before a password is used it is on disk: a crash in between would lock everybody out.</summary>
    public void Save()
    {
        if (!changed) return;
        DataFolder.WritePrivately(file, Encoding.UTF8.GetBytes(values.ToJsonString(Indented)));
        changed = false;
    }

    string Get(string group, string name, Func<string> make)
    {
        if (values[group] is not JsonObject members) values[group] = members = [];
        if (members[name]?.GetValue<string>() is { Length: > 0 } known) return known;
        var secret = make();
        members[name] = secret;
        changed = true;
        return secret;
    }

    // Letters and digits only: it goes into connection strings and SQL, where nothing in it needs quoting.
    static string RandomSecret() =>
        RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 40);

    // 16 letters and digits that are not mistaken for each other (82 bits), in groups; a capital and a digit are always there.
    static string RandomPassword()
    {
        var letters = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 14);
        var capital = RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZ", 1);
        var digit = RandomNumberGenerator.GetString("23456789", 1);
        var all = capital + letters + digit;
        return $"{all[..4]}-{all[4..8]}-{all[8..12]}-{all[12..]}";
    }
}
