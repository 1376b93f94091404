using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;

namespace Rosa.Users;

/// <summary>
/// The ES256 keys of access tokens, kept in the database and shared by all instances. A key's life:
/// <code>
/// made ──(KeyPublishedBefore)──▶ signs ──(KeyLifetime)──▶ published only ──(until its last token has expired)──▶ deleted
/// </code>
/// It is published from the start to the end, so that a rotation logs nobody out.
/// </summary>
sealed partial class SigningKeys(ServiceDatabase database, IOptions<UsersOptions> options, TimeProvider clock, ILogger<SigningKeys> logger) : ITokenKeys, IDisposable
{
    const long RotationLock = 0x4B657973;   // "Keys"
    static readonly TimeSpan unknownAskedEvery = TimeSpan.FromSeconds(1);

    /// <summary>How long after its successor began to sign a key is published: its last token's life, and instances that had not looked yet.</summary>
    static readonly TimeSpan publishedAfter = AccessToken.Lifetime + TimeSpan.FromMinutes(5);

    /// <param name="Private">Null when it cannot be read with this <see cref="UsersOptions.KeySecret"/>: its tokens stay good, it signs no more.</param>
    sealed record Key(string KeyId, ECDsa Public, ECDsa? Private, DateTimeOffset SignsFrom);

    readonly UsersOptions settings = options.Value;
    readonly SemaphoreSlim loading = new(1);
    readonly Lock signing = new();
    volatile IReadOnlyList<Key> keys = [];
    DateTimeOffset loadedAt = DateTimeOffset.MinValue;

    public async ValueTask<ECDsa?> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        if (Find(keyId) is { } known) return known.Public;
        await loading.WaitAsync(cancellationToken);
        try
        {
            // Another instance may have made it. Tokens with invented key ids cost one query a second at most.
            if (Find(keyId) is null && clock.GetUtcNow() - loadedAt >= unknownAskedEvery) await LoadAsync(cancellationToken);
            return Find(keyId)?.Public;
        }
        finally
        {
            loading.Release();
        }
    }

    public async ValueTask<string> SignAsync(TokenClaims claims, CancellationToken cancellationToken)
    {
        if (SigningNow() is null) await RunOnceAsync(cancellationToken);
        var key = SigningNow() ?? throw new InvalidOperationException("There is no key to sign with.");
        lock (signing) return AccessToken.Write(claims, key.Private!, key.KeyId);
    }

    public async ValueTask<JsonWebKeySet> PublishedAsync(CancellationToken cancellationToken)
    {
        if (keys.Count == 0) await RunOnceAsync(cancellationToken);
        return new JsonWebKeySet([.. keys.Select(key => JsonWebKey.From(key.Public, key.KeyId))]);
    }

    /// <summary>Learns what other instances did, makes the next key when it is time, and drops what is over.</summary>
    public Task RunOnceAsync(CancellationToken cancellationToken) => RunAsync(rotate: false, cancellationToken);

    /// <summary>Makes the next key now, for instance because this one may have leaked. It signs after <see cref="UsersOptions.KeyPublishedBefore"/>.</summary>
    public Task RotateAsync(CancellationToken cancellationToken) => RunAsync(rotate: true, cancellationToken);

    async Task RunAsync(bool rotate, CancellationToken cancellationToken)
    {
        await loading.WaitAsync(cancellationToken);
        try
        {
            await LoadAsync(cancellationToken);
            if (SigningNow() is null) await AddAsync(signsFrom: clock.GetUtcNow(), cancellationToken);
            else if (rotate || NextIsDue()) await AddAsync(signsFrom: clock.GetUtcNow() + settings.KeyPublishedBefore, cancellationToken);
        }
        finally
        {
            loading.Release();
        }
    }

    Key? Find(string keyId) => keys.FirstOrDefault(key => key.KeyId == keyId);

    Key? SigningNow()
    {
        var now = clock.GetUtcNow();
        return keys.LastOrDefault(key => key.Private is not null && key.SignsFrom <= now);
    }

    bool NextIsDue() => keys.Max(key => key.SignsFrom) + settings.KeyLifetime - settings.KeyPublishedBefore <= clock.GetUtcNow();

    /// <summary>Makes a key, unless another instance made one since this one looked.</summary>
    async Task AddAsync(DateTimeOffset signsFrom, CancellationToken cancellationToken)
    {
        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keyId = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(12));
        await using (var batch = database.Source.CreateBatch())
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"select pg_advisory_xact_lock({RotationLock})"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                """
                insert into signing_keys (key_id, public_key, private_key, signs_from)
                select $1, $2, $3, $4
                where not exists (select from signing_keys where key_id <> all ($5))
                """)
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = keyId },
                    new NpgsqlParameter<byte[]> { TypedValue = made.ExportSubjectPublicKeyInfo() },
                    new NpgsqlParameter<byte[]> { TypedValue = Export(made) },
                    new NpgsqlParameter<DateTime> { TypedValue = signsFrom.UtcDateTime },
                    new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(key => key.KeyId)] },
                },
            });
            await batch.ExecuteNonQueryAsync(cancellationToken);
            if (batch.BatchCommands[1].RecordsAffected == 1) Log.Made(logger, keyId, signsFrom);
        }
        await LoadAsync(cancellationToken);
    }

    async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            delete from signing_keys past
            where exists (select from signing_keys successor where successor.signs_from > past.signs_from and successor.signs_from <= $1)
            """)
        {
            Parameters = { new NpgsqlParameter<DateTime> { TypedValue = (clock.GetUtcNow() - publishedAfter).UtcDateTime } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select key_id, public_key, private_key, signs_from from signing_keys order by signs_from, key_id"));

        var loaded = new List<Key>();
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var keyId = reader.GetString(0);
                loaded.Add(Find(keyId) ?? new Key(keyId, ImportPublic((byte[])reader[1]), ImportPrivate((byte[])reader[2]), reader.GetFieldValue<DateTimeOffset>(3)));
            }
        }
        keys = loaded;
        loadedAt = clock.GetUtcNow();
    }

    // The secret has its own entropy, so that few rounds are enough.
    static readonly PbeParameters encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterationCount: 10_000);

    byte[] Export(ECDsa key) => settings.KeySecret is { } secret ? key.ExportEncryptedPkcs8PrivateKey(secret, encryption) : key.ExportPkcs8PrivateKey();

    static ECDsa ImportPublic(byte[] stored)
    {
        var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(stored, out _);
        return key;
    }

    ECDsa? ImportPrivate(byte[] stored)
    {
        var key = ECDsa.Create();
        try
        {
            if (settings.KeySecret is { } secret) key.ImportEncryptedPkcs8PrivateKey(secret, stored, out _);
            else key.ImportPkcs8PrivateKey(stored, out _);
            return key;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        foreach (var key in keys)
        {
            key.Public.Dispose();
            key.Private?.Dispose();
        }
        loading.Dispose();
    }

    static partial class Log
    {
        [LoggerMessage(110, LogLevel.Information, "Made the signing key {KeyId}, which signs from {SignsFrom}")]
        public static partial void Made(ILogger logger, string keyId, DateTimeOffset signsFrom);
    }
}
