using Npgsql;
using Rosa.Contracts.Users;

namespace Rosa.Users;

/// <summary>Somebody who is about to get an account.</summary>
/// <param name="Email">Normalised.</param>
sealed record NewUser(
    Guid UserId, string Email, string PasswordHash, string FirstName, string LastName, string Role, string Language, DateTimeOffset CreatedAt)
{
    /// <summary>The index that refuses a second account for an e-mail.</summary>
    public const string UniqueEmail = "users_email";

    public UserCreated Created() => new(UserId, Email, FirstName, LastName, Language, CreatedAt) { Role = Role };

    public NpgsqlBatchCommand InsertCommand() => new(
        """
        insert into users (user_id, email, password_hash, first_name, last_name, role, language, created_at, password_changed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
        """)
    {
        Parameters =
        {
            new NpgsqlParameter<Guid> { TypedValue = UserId },
            new NpgsqlParameter<string> { TypedValue = Email },
            new NpgsqlParameter<string> { TypedValue = PasswordHash },
            new NpgsqlParameter<string> { TypedValue = FirstName },
            new NpgsqlParameter<string> { TypedValue = LastName },
            new NpgsqlParameter<string> { TypedValue = Role },
            new NpgsqlParameter<string> { TypedValue = Language },
            new NpgsqlParameter<DateTime> { TypedValue = CreatedAt.UtcDateTime },
        },
    };
}
