using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Rosa.Payments.Provider;
using Rosa.Platform.Database;
using Rosa.Platform.Problems;

namespace Rosa.Payments;

/// <param name="Id">The provider's; the same however often the event is sent.</param>
/// <param name="Type">Such as <c>charge.succeeded</c>. It is kept, and believed in nothing.</param>
public sealed record ProviderEvent(string Id, string Type, ProviderEventData? Data);

/// <param name="PaymentId">Our id of the payment, as the charge carried it.</param>
public sealed record ProviderEventData(string? PaymentId);

/// <summary>
/// <c>POST /api/payments/webhooks/{provider}</c>: the provider says that there is news of a payment. That is a hint only: the payment becomes due, and
/// what is true is asked of the provider itself, by the same attempt that also asks without a hint. So no event that is repeated, late, out of order, or signed with a
/// stolen secret can move money.
/// </summary>
static class ReceiveProviderEvent
{
    public const int LargestBody = 65_536;

    public static async Task<Results<Ok, ProblemHttpResult>> Handle(
        string provider, HttpContext context, IOptions<PaymentsOptions> options, ServiceDatabase database, ResolveUnknownOutcomes resolve, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (options.Value.Provider != PaymentsOptions.HostedProvider || provider != PaymentsOptions.HostedProvider) return Problem.NotFound("provider").ToResult();

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancellationToken);
        var signed = body.GetBuffer().AsSpan(0, (int)body.Length);
        if (!WebhookSignature.Holds(context.Request.Headers[WebhookSignature.Header], signed, options.Value.Hosted.WebhookSecretBytes, clock.GetUtcNow())) return NotSigned.ToResult();
        if (Read(signed) is not { } happened) return Unreadable.ToResult();

        if (await KeepAsync(provider, happened, database, cancellationToken)) resolve.Wake();
        return TypedResults.Ok();
    }

    static ProviderEvent? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<ProviderEvent>(body, JsonSerializerOptions.Web) is { Id.Length: > 0 and <= 200, Type.Length: > 0 and <= 100 } happened
                && !happened.Id.Any(char.IsControl) && !happened.Type.Any(char.IsControl) ? happened : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps the event and makes due what it is about, both or neither. False when there is nothing to ask: known already, or about nothing that is open.</summary>
    static async Task<bool> KeepAsync(string provider, ProviderEvent happened, ServiceDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            with kept as (
              insert into provider_events (provider, event_id, type, payment_id, is_known)
              values ($1, $2, $3, $4, exists (select from payments where payment_id = $4))
              on conflict do nothing
              returning payment_id),
            charge as (
              update payments p
              set next_attempt_at = case when p.status = 'PENDING' then now() else p.next_attempt_at end,
                  look_again_at = case when p.status = 'PENDING' then p.look_again_at else now() end
              from kept
              where p.payment_id = kept.payment_id and p.status in ('PENDING', 'DECLINED', 'FAILED')
              returning 1),
            refund as (
              update refunds r set next_attempt_at = now()
              from kept
              where r.payment_id = kept.payment_id and r.status = 'PENDING'
              returning 1)
            select exists (select from charge) or exists (select from refund)
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = provider });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = happened.Id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = happened.Type });
        command.Parameters.Add(new NpgsqlParameter { Value = Guid.TryParse(happened.Data?.PaymentId, out var id) ? id : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    static readonly Problem NotSigned = new(
        ProblemKind.Invalid, "WEBHOOK_SIGNATURE_INVALID", "The signature is missing, is not that of this body, or was made too long ago. Nothing was stored.");

    static readonly Problem Unreadable =
        new(ProblemKind.Invalid, "WEBHOOK_UNREADABLE", "An event is JSON with an id of up to 200 characters, a type of up to 100, and data.paymentId. Nothing was stored.");
}
