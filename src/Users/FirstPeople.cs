using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;

namespace Rosa.Users;

/// <summary>
/// Makes the accounts that configuration names, unless somebody has the e-mail: the first admin of a shop, and the logins of a demo.
/// Any number of instances may start at once and as often as they like.
/// </summary>
sealed partial class FirstPeople(
    ServiceDatabase database, PasswordHasher passwords, IOptions<UsersOptions> options, TimeProvider clock, ILogger<FirstPeople> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        if (settings.FirstAdmin is { Email.Length: > 0 } admin) await EnsureAsync("Users:FirstAdmin", admin, Roles.Admin, cancellationToken);
        foreach (var (role, person) in settings.Logins) await EnsureAsync($"Users:Logins:{role}", person, role, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task EnsureAsync(string setting, FirstPerson person, string role, CancellationToken cancellationToken)
    {
        if (role is not (Roles.Customer or Roles.Employee or Roles.Admin)) throw new InvalidOperationException($"{setting}: there is no role of that name.");
        if (!Email.IsValid(person.Email)) throw new InvalidOperationException($"{setting}:Email is not an e-mail address.");

        var email = Email.Normalise(person.Email);
        if (await RoleOfAsync(email, cancellationToken) is { } present)
        {
            if (present != role) Log.OtherRole(logger, setting, present, role);
            return;
        }
        if (PasswordRules.Refusal(person.Password) is { } refusal) throw new InvalidOperationException($"{setting}:Password cannot be taken: {refusal}");

        var hash = await passwords.HashAsync(person.Password, cancellationToken);
        var made = new NewUser(Guid.CreateVersion7(), email, hash, FirstName: "Rosa", LastName: NameOf(role), role, Language.French, clock.GetUtcNow());
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(made.InsertCommand());
        batch.BatchCommands.Add(database.Events.Command(made.Created()));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            database.OutboxSignal.Wake();
            Log.Made(logger, setting, role);
        }
        catch (PostgresException taken) when (taken.ConstraintName == NewUser.UniqueEmail)
        {
            // Another instance was quicker.
        }
    }

    async Task<string?> RoleOfAsync(string email, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("select role from users where lower(email) = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = email });
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    static string NameOf(string role) => char.ToUpperInvariant(role[0]) + role[1..];

    static partial class Log
    {
        [LoggerMessage(120, LogLevel.Information, "Made the account of {Setting}, role {Role}")]
        public static partial void Made(ILogger logger, string setting, string role);

        [LoggerMessage(121, LogLevel.Warning, "The account of {Setting} exists with the role {Present}, not {Wanted}; it was left as it is")]
        public static partial void OtherRole(ILogger logger, string setting, string present, string wanted);
    }
}
