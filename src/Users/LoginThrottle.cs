using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Problems;

namespace Rosa.Users;

/// <summary>
/// Slows guessing down: so many failures for an account within a quarter of an hour, so many more from an address. Counted in the
/// database, so that it holds over all instances, and for e-mails that nobody has just as for others.
/// </summary>
sealed class LoginThrottle(ServiceDatabase database, IOptions<UsersOptions> options, TimeProvider clock)
{
    readonly UsersOptions limits = options.Value;

    public static readonly Problem BadCredentials = new(ProblemKind.Unauthenticated, "BAD_CREDENTIALS", "E-mail or password is wrong.");

    /// <summary>The refusal when too many attempts have failed, else null.</summary>
    public async Task<Problem?> CheckAsync(string email, string address, CancellationToken cancellationToken)
    {
        // The failure that is as many back as are allowed must leave the window before another attempt is taken.
        await using var command = database.Source.CreateCommand(
            """
            select greatest(
              (select failed_at from login_failures where email = $1 and failed_at > $3 order by failed_at desc offset $4 limit 1),
              (select failed_at from login_failures where address = $2 and failed_at > $3 order by failed_at desc offset $5 limit 1))
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = email });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = address });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = WindowStart });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limits.FailuresPerAccount - 1 });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limits.FailuresPerAddress - 1 });
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime failedAt ? TooMany(failedAt + limits.FailureWindow) : null;
    }

    /// <summary>Counts a failure and says what to answer: of many wrong guesses at the same moment, no more than the limit learn that they were wrong.</summary>
    public async Task<Problem> CountFailureAsync(string email, string address, CancellationToken cancellationToken)
    {
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_advisory_xact_lock(hashtextextended($1, 0))")
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = email } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            insert into login_failures (email, address, failed_at)
            select $1, $2, $3
            where (select count(*) from login_failures where email = $1 and failed_at > $4) < $5
            """)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = email },
                new NpgsqlParameter<string> { TypedValue = address },
                new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime },
                new NpgsqlParameter<DateTime> { TypedValue = WindowStart },
                new NpgsqlParameter<int> { TypedValue = limits.FailuresPerAccount },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (batch.BatchCommands[1].RecordsAffected == 1) return BadCredentials;
        return await CheckAsync(email, address, cancellationToken) ?? BadCredentials;
    }

    /// <summary>Who gets in has the account's failures forgiven; those for other accounts from the same address stay.</summary>
    public static NpgsqlBatchCommand ForgiveCommand(string email) => new("delete from login_failures where email = $1")
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = email } },
    };

    /// <summary>Forgets failures that count no more.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("delete from login_failures where failed_at <= $1");
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = WindowStart });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    DateTime WindowStart => (clock.GetUtcNow() - limits.FailureWindow).UtcDateTime;

    Problem TooMany(DateTime until)
    {
        var seconds = (int)Math.Ceiling((until - clock.GetUtcNow().UtcDateTime).TotalSeconds);
        return new Problem(ProblemKind.TooMany, "TOO_MANY_ATTEMPTS", "Too many failed attempts. Wait, and then try again.", Math.Max(1, seconds));
    }
}
