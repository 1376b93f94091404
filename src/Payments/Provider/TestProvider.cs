using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Platform.Database;

namespace Rosa.Payments.Provider;

/// <summary>
/// The built-in provider for trying and testing. The card token says how it behaves:
/// <c>tok_visa</c>, <c>tok_mastercard</c> approve; <c>tok_declined</c> and unknown tokens are declined; <c>tok_slow</c> approves after 8 s;
/// <c>tok_timeout</c> never answers; <c>tok_error</c> fails; <c>tok_flaky</c> fails twice and then approves.
/// </summary>
/// <remarks>
/// It plays a party outside: it keeps books of its own, durably, outside of our transactions, so that a test can compare what was
/// really charged with what we believe.
/// </remarks>
sealed class TestProvider(ServiceDatabase database, IOptions<PaymentsOptions> options) : IPaymentProvider
{
    public async Task<ProviderCharge> ChargeAsync(ChargeOrder order, CancellationToken cancellationToken)
    {
        switch (order.CardToken)
        {
            case "tok_visa" or "tok_mastercard":
                return await EnterAsync(order, ChargeState.Captured, reason: null, cancellationToken);
            case "tok_slow":
                return await ProcessSlowlyAsync(order, cancellationToken);
            case "tok_flaky":
                return await FailTwiceAsync(order, cancellationToken);
            case "tok_error":
                throw new ProviderException("500");
            case "tok_timeout":
                await Task.Delay(Timeout.Infinite, cancellationToken);
                throw new ProviderException("unreachable");
            case "tok_declined":
                return await EnterAsync(order, ChargeState.Declined, "CARD_DECLINED", cancellationToken);
            default:
                return await EnterAsync(order, ChargeState.Declined, "UNKNOWN_TOKEN", cancellationToken);
        }
    }

    public async Task<ProviderCharge> FindChargeAsync(Guid key, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("select state, reason from test_provider_ledger where charge_key = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = key });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return new ProviderCharge(ChargeState.None);
        return new ProviderCharge(StateOf(reader.GetString(0)), reader.IsDBNull(1) ? null : reader.GetString(1));
    }

    public async Task<ProviderCharge> VoidAsync(Guid key, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            insert into test_provider_charges as charge (charge_key, reference, amount, currency, state)
            values ($1, '', 0, '', 'VOIDED')
            on conflict (charge_key) do update set state = 'VOIDED'
            where charge.state = 'FAILING' or (charge.state = 'PROCESSING' and charge.captured_from > now())
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = key });
        var voided = await command.ExecuteNonQueryAsync(cancellationToken);
        return voided == 1 ? new ProviderCharge(ChargeState.Voided) : await FindChargeAsync(key, cancellationToken);
    }

    public async Task<RefundState> RefundAsync(Guid refundKey, Guid chargeKey, decimal amount, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            with charge as (
              update test_provider_charges set refunded = refunded + $3
              where charge_key = $2 and refunded + $3 <= amount
                and (state = 'CAPTURED' or (state = 'PROCESSING' and captured_from <= now()))
                and not exists (select from test_provider_refunds where refund_key = $1)
              returning charge_key)
            insert into test_provider_refunds (refund_key, charge_key, amount) select $1, charge_key, $3 from charge
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = refundKey });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = chargeKey });
        command.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = amount });
        try
        {
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 1) return RefundState.Refunded;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // The same refund, asked for twice at once: the other one made it.
        }
        return await FindRefundAsync(refundKey, cancellationToken) == RefundState.Refunded ? RefundState.Refunded : RefundState.Refused;
    }

    public async Task<RefundState> FindRefundAsync(Guid refundKey, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("select 1 from test_provider_refunds where refund_key = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = refundKey });
        return await command.ExecuteScalarAsync(cancellationToken) is null ? RefundState.None : RefundState.Refunded;
    }

    async Task<ProviderCharge> EnterAsync(ChargeOrder order, ChargeState state, string? reason, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            insert into test_provider_charges (charge_key, reference, amount, currency, state, reason)
            values ($1, $2, $3, $4, $5, $6)
            on conflict (charge_key) do nothing
            """);
        AddOrder(command, order);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = NameOf(state) });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = reason });
        var entered = await command.ExecuteNonQueryAsync(cancellationToken);
        return entered == 1 ? new ProviderCharge(state, reason) : await FindChargeAsync(order.Key, cancellationToken);
    }

    /// <summary>The charge lands when its time has come, also when the caller has hung up long before.</summary>
    async Task<ProviderCharge> ProcessSlowlyAsync(ChargeOrder order, CancellationToken cancellationToken)
    {
        await using (var command = database.Source.CreateCommand(
            """
            insert into test_provider_charges (charge_key, reference, amount, currency, state, captured_from)
            values ($1, $2, $3, $4, 'PROCESSING', now() + $5)
            on conflict (charge_key) do nothing
            """))
        {
            AddOrder(command, order);
            command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.Value.TestProviderSlowness });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            var charge = await FindChargeAsync(order.Key, cancellationToken);
            if (charge.State != ChargeState.Processing) return charge;
            await Task.Delay(100, cancellationToken);
        }
    }

    async Task<ProviderCharge> FailTwiceAsync(ChargeOrder order, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            insert into test_provider_charges as charge (charge_key, reference, amount, currency, state, failures)
            values ($1, $2, $3, $4, 'FAILING', 1)
            on conflict (charge_key) do update
            set failures = charge.failures + 1, state = case when charge.failures >= 2 then 'CAPTURED' else 'FAILING' end
            where charge.state = 'FAILING'
            returning state
            """);
        AddOrder(command, order);
        return await command.ExecuteScalarAsync(cancellationToken) is "FAILING"
            ? throw new ProviderException("500")
            : await FindChargeAsync(order.Key, cancellationToken);
    }

    static void AddOrder(NpgsqlCommand command, ChargeOrder order)
    {
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = order.Key });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = order.Reference });
        command.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = order.Amount });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = order.Currency });
    }

    static string NameOf(ChargeState state) => state.ToString().ToUpperInvariant();

    static ChargeState StateOf(string name) => name switch
    {
        "PROCESSING" => ChargeState.Processing,
        "CAPTURED" => ChargeState.Captured,
        "DECLINED" => ChargeState.Declined,
        "VOIDED" => ChargeState.Voided,
        _ => ChargeState.None,
    };
}
