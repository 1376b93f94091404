using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Platform.Identity;

namespace Rosa.Users;

/// <summary>What a client gets that signs in.</summary>
/// <param name="Token">The access token, for <c>Authorization: Bearer …</c>.</param>
/// <param name="RefreshToken">Good once, for the next pair of tokens.</param>
/// <param name="ExpiresIn">Seconds that the access token is good for.</param>
public sealed record SessionAnswer(Guid UserId, string Token, string RefreshToken, int ExpiresIn);

/// <summary>256 random bits, of which only the SHA-256 is stored.</summary>
sealed record RefreshToken(string Value, byte[] Hash)
{
    public static RefreshToken New() => Of(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    /// <summary>The one that comes after this one for who has the key: always the same, and not to be found out without the key.</summary>
    public RefreshToken Next(string key) => Of(Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes("next " + Value))));

    public static RefreshToken Of(string value) => new(value, SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}

/// <summary>A session that is about to start.</summary>
sealed record NewSession(Guid SessionId, RefreshToken RefreshToken)
{
    public static NewSession Create() => new(Guid.CreateVersion7(), RefreshToken.New());
}

sealed class Sessions(TokenIssuer tokens, IOptions<UsersOptions> options, TimeProvider clock)
{
    /// <summary>When a refresh token given out now expires.</summary>
    public DateTime RefreshTokenExpiry => (clock.GetUtcNow() + options.Value.RefreshTokenLifetime).UtcDateTime;

    /// <summary>
    /// Starts a session if the password is still the one of <paramref name="passwordChangedAt"/>, and returns the person's role. The row lock
    /// sets it in order with a change of password: that one either is seen here, or sees this session and ends it.
    /// </summary>
    public NpgsqlBatchCommand StartCommand(NewSession session, Guid userId, DateTime passwordChangedAt) => new(
        """
        with person as (
          select user_id, role from users where user_id = $1 and password_changed_at = $2 for share
        ), session as (
          insert into sessions (session_id, user_id, started_at) select $3, user_id, $4 from person
        ), token as (
          insert into refresh_tokens (token_hash, session_id, expires_at) select $5, $3, $6 from person
        )
        select role from person
        """)
    {
        Parameters =
        {
            new NpgsqlParameter<Guid> { TypedValue = userId },
            new NpgsqlParameter<DateTime> { TypedValue = passwordChangedAt },
            new NpgsqlParameter<Guid> { TypedValue = session.SessionId },
            new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime },
            new NpgsqlParameter<byte[]> { TypedValue = session.RefreshToken.Hash },
            new NpgsqlParameter<DateTime> { TypedValue = RefreshTokenExpiry },
        },
    };

    public async Task<SessionAnswer> AnswerAsync(Guid userId, string role, Guid sessionId, RefreshToken refreshToken, CancellationToken cancellationToken) =>
        new(userId, await tokens.ForUserAsync(userId, role, sessionId, cancellationToken), refreshToken.Value, (int)AccessToken.Lifetime.TotalSeconds);
}
