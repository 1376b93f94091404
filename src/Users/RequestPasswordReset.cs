using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Contracts.Users;
using Rosa.Platform.Database;
using Rosa.Platform.Problems;

namespace Rosa.Users;

public sealed record PasswordResetRequest([Required, Email] string Email);

/// <summary>
/// <c>POST /api/users/password-reset</c>: writes down that somebody asked, which is the same work and the same answer for every e-mail. Who has it is
/// looked up afterwards, by <see cref="AnswerPasswordResets"/>.
/// </summary>
static class RequestPasswordResetEndpoint
{
    public static async Task<Results<Accepted, ProblemHttpResult>> Handle(
        PasswordResetRequest request, HttpContext context, ClientAddress addresses, ServiceDatabase database, AnswerPasswordResets answers,
        IOptions<UsersOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var limits = options.Value;
        var now = clock.GetUtcNow();
        await using var command = database.Source.CreateCommand(
            """
            insert into password_reset_requests (email, address, requested_at)
            select $1, $2, $3 where (select count(*) from password_reset_requests where address = $2 and requested_at > $4) < $5
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Email.Normalise(request.Email) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = addresses.Of(context) });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (now - limits.ResetWindow).UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limits.ResetsPerAddress });
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
            return new Problem(ProblemKind.TooMany, "TOO_MANY_ATTEMPTS", "Too many links were asked for from here. Wait, and then try again.", RetryAfterSeconds: 600).ToResult();
        answers.Wake();
        return TypedResults.Accepted((string?)null);
    }
}

/// <summary>Has a mail written to those who forgot their password and have an account; beyond a few an hour for one e-mail it does nothing, and nobody is told.</summary>
sealed partial class AnswerPasswordResets(
    ServiceDatabase database, IOptions<UsersOptions> options, TimeProvider clock, ILogger<AnswerPasswordResets> logger) : BackgroundService
{
    const int BatchSize = 50;
    static readonly TimeSpan pollEvery = TimeSpan.FromSeconds(5);

    readonly Platform.Messaging.OutboxSignal asked = new();

    public void Wake() => asked.Wake();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RunOnceAsync(stoppingToken) == BatchSize) { }
                await asked.WaitAsync(pollEvery, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.Interrupted(logger, exception.Message);
                await Task.Delay(pollEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Answers what was asked, up to a batch. Returns how many were looked at.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginAsync(cancellationToken);
        var (looked, concerned) = await ClaimAsync(transaction, cancellationToken);
        foreach (var userId in concerned) await transaction.PublishAsync(new PasswordResetRequested(userId, clock.GetUtcNow()), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return looked;
    }

    /// <summary>Marks requests as handled, and says whom of those that have an account and have not asked too often they concern.</summary>
    async Task<(int Looked, List<Guid> Concerned)> ClaimAsync(DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            with waiting as (
              select request_id from password_reset_requests where handled_at is null order by request_id limit $1 for update skip locked
            ), handled as (
              update password_reset_requests request set handled_at = $2 from waiting where request.request_id = waiting.request_id
              returning request.request_id, request.email
            )
            select person.user_id
            from handled left join users person on lower(person.email) = handled.email
              and (select count(*) from password_reset_requests earlier
                   where earlier.email = handled.email and earlier.request_id < handled.request_id and earlier.requested_at > $3) < $4
            """, transaction.Connection, transaction.Transaction);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (clock.GetUtcNow() - options.Value.ResetWindow).UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = options.Value.ResetsPerAccount });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (looked, concerned) = (0, new List<Guid>());
        for (; await reader.ReadAsync(cancellationToken); looked++)
        {
            if (!reader.IsDBNull(0)) concerned.Add(reader.GetGuid(0));
        }
        return (looked, concerned);
    }

    /// <summary>Forgets requests that count no more.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("delete from password_reset_requests where handled_at is not null and requested_at <= $1");
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (clock.GetUtcNow() - options.Value.ResetWindow).UtcDateTime });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(150, LogLevel.Warning, "Requests for new passwords could not be answered and are again in some seconds: {Reason}")]
        public static partial void Interrupted(ILogger logger, string reason);
    }
}
