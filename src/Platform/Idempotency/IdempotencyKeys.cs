using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Npgsql;
using NpgsqlTypes;
using Rosa.Platform.Database;
using Rosa.Platform.Problems;

namespace Rosa.Platform.Idempotency;

/// <summary>An <c>Idempotency-Key</c> of one caller on one route.</summary>
/// <param name="Scope">Route and caller: the same key of another user is another key.</param>
/// <param name="RequestHash">Of the body: the same key with another body is refused.</param>
public sealed record IdempotencyKey(string Scope, string Key, byte[] RequestHash)
{
    /// <summary>Reads the header. Null key and null problem: none was sent.</summary>
    public static (IdempotencyKey? Key, Problem? Problem) Read(HttpContext context, string scope, ReadOnlySpan<byte> body)
    {
        var header = context.Request.Headers["Idempotency-Key"];
        if (header.Count == 0) return (null, null);
        var key = header.ToString();
        return key.Length is >= 1 and <= 128 && key.All(c => c is >= ' ' and <= '~')
            ? (new IdempotencyKey(scope, key, SHA256.HashData(body)), null)
            : (null, Problem.Validation("Idempotency-Key", "An Idempotency-Key has 1 to 128 printable ASCII characters."));
    }

    public static readonly Problem Reused =
        new(ProblemKind.Refused, "IDEMPOTENCY_KEY_REUSED", "This Idempotency-Key was used with another body. Take a new key for a new request.");
}

/// <summary>What a stored key says.</summary>
/// <param name="ResourceId">The id of what the first request makes, e.g. the order's.</param>
/// <param name="Status">The answer's status, or null while the first request is under way.</param>
public sealed record StoredAnswer(Guid ResourceId, bool SameBody, int? Status, byte[]? Body, DateTimeOffset ClaimedAt);

/// <summary>
/// Keys and answers, in the database of the service whose work they guard, so that claim and answer commit with the work.
/// </summary>
public sealed class IdempotencyKeys(ServiceDatabase database)
{
    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromHours(24);

    /// <summary>
    /// The claim, for the batch that begins the work. Fails the batch with a unique violation of <c>idempotency_keys_pkey</c>
    /// when the key is taken: then <see cref="FindAsync"/> says by whom.
    /// </summary>
    public static NpgsqlBatchCommand Claim(IdempotencyKey key, Guid resourceId) =>
        new("insert into idempotency_keys (scope, key, request_hash, resource_id) values ($1, $2, $3, $4)")
        {
            Parameters = { Text(key.Scope), Text(key.Key), Bytes(key.RequestHash), new NpgsqlParameter<Guid> { TypedValue = resourceId } },
        };

    /// <summary>Keeps the answer, in the batch that ends the work. The first answer stays.</summary>
    public static NpgsqlBatchCommand Answer(IdempotencyKey key, int status, byte[] body) =>
        new("update idempotency_keys set status = $3, body = $4 where scope = $1 and key = $2 and status is null")
        {
            Parameters = { Text(key.Scope), Text(key.Key), new NpgsqlParameter<int> { TypedValue = status }, Bytes(body) },
        };

    /// <summary>Gives the key back: what was asked for did not happen, and the same key may try again.</summary>
    public static NpgsqlBatchCommand Forget(IdempotencyKey key) =>
        new("delete from idempotency_keys where scope = $1 and key = $2") { Parameters = { Text(key.Scope), Text(key.Key) } };

    public async Task<StoredAnswer?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            "select resource_id, request_hash = $3, status, body, claimed_at from idempotency_keys where scope = $1 and key = $2");
        command.Parameters.Add(Text(key.Scope));
        command.Parameters.Add(Text(key.Key));
        command.Parameters.Add(Bytes(key.RequestHash));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new StoredAnswer(
            reader.GetGuid(0), reader.GetBoolean(1), reader.IsDBNull(2) ? null : reader.GetInt32(2),
            reader.IsDBNull(3) ? null : reader.GetFieldValue<byte[]>(3), new DateTimeOffset(reader.GetDateTime(4)));
    }

    /// <summary>
    /// Waits until the first request with this key has its answer, has given the key back (null), or <paramref name="atMost"/> has
    /// passed (an answer without status).
    /// </summary>
    public async Task<StoredAnswer?> WaitAsync(IdempotencyKey key, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var until = Environment.TickCount64 + (long)atMost.TotalMilliseconds;
        for (var wait = 5; ; wait = Math.Min(wait * 2, 100))
        {
            var stored = await FindAsync(key, cancellationToken);
            if (stored is null || !stored.SameBody || stored.Status is not null || Environment.TickCount64 > until) return stored;
            await Task.Delay(wait, cancellationToken);
        }
    }

    /// <summary>Forgets what is older than <see cref="KeptFor"/>.</summary>
    public async Task<int> PurgeAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("delete from idempotency_keys where claimed_at < now() - $1");
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = KeptFor });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    static NpgsqlParameter<byte[]> Bytes(byte[] value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea };
}
