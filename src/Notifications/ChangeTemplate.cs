using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;
using Rosa.Notifications.Templates;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Notifications;

/// <param name="Subject">A mail's subject, or the headline in the shop; left out for an SMS.</param>
/// <param name="Html">For mails alone; left out, it is made from the text.</param>
public sealed record TemplateRequest([MaxLength(200)] string? Subject, [Required, MaxLength(20_000)] string Text, [MaxLength(100_000)] string? Html);

/// <summary>What a template makes of an example.</summary>
public sealed record TemplatePreview(string Subject, string Text, string? Html);

/// <summary><c>PUT</c>, <c>DELETE</c> and <c>POST …/preview</c> of <c>/api/notifications/templates/{event}/{channel}/{language}</c>.</summary>
static class ChangeTemplate
{
    const int LongestSms = 300;

    static readonly Problem Changed = new(ProblemKind.Changed, "TEMPLATE_CHANGED", "Somebody has changed this template meanwhile. Read it again.");

    public static async Task<Results<Ok<TemplateAnswer>, ProblemHttpResult>> Put(
        string @event, string channel, string language, TemplateRequest request, Caller caller, HttpContext context,
        Notices notices, ServiceDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Notices.Find(@event, channel, language) is not { } notice) return Problem.NotFound("template").ToResult();
        var template = new Template(request.Subject?.Trim() ?? "", request.Text.ReplaceLineEndings("\n"), string.IsNullOrWhiteSpace(request.Html) ? null : request.Html);
        if (Refusal(notice, channel, template, notices.Shop) is { } refusal) return refusal.ToResult();
        if (!await StoreAsync((@event, channel, language), template, ReadTemplates.Allowed(context.Request), caller.UserId!.Value, database, clock.GetUtcNow(), cancellationToken))
            return Changed.ToResult();
        return await PresentAsync(notice, channel, language, notices, context.Response, cancellationToken);
    }

    public static async Task<Results<Ok<TemplateAnswer>, ProblemHttpResult>> Delete(
        string @event, string channel, string language, Caller caller, HttpContext context,
        Notices notices, ServiceDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Notices.Find(@event, channel, language) is not { } notice) return Problem.NotFound("template").ToResult();
        if (!await StoreAsync((@event, channel, language), null, ReadTemplates.Allowed(context.Request), caller.UserId!.Value, database, clock.GetUtcNow(), cancellationToken))
            return Changed.ToResult();
        return await PresentAsync(notice, channel, language, notices, context.Response, cancellationToken);
    }

    /// <summary>Of what is sent, not of what is stored; nothing changes.</summary>
    public static Results<Ok<TemplatePreview>, ProblemHttpResult> Preview(string @event, string channel, string language, TemplateRequest request, Notices notices)
    {
        if (Notices.Find(@event, channel, language) is not { } notice) return Problem.NotFound("template").ToResult();
        var template = new Template(request.Subject?.Trim() ?? "", request.Text.ReplaceLineEndings("\n"), string.IsNullOrWhiteSpace(request.Html) ? null : request.Html);
        if (Refusal(notice, channel, template, notices.Shop) is { } refusal) return refusal.ToResult();

        var values = notice.Values(notice.Sample, language, notices.Shop);
        values["customer.firstName"] = "Ada";
        values[Notice.Link] = Value.Link(notices.Shop.Url("/account/example?token=example"));
        var message = template.Write(values, language);
        return TypedResults.Ok(new TemplatePreview(message.Subject, message.Text.Trim(), channel == Channel.Email ? message.Html : null));
    }

    /// <summary>Why a template may not be, or null when it may.</summary>
    static Problem? Refusal(Notice notice, string channel, Template template, Shop shop)
    {
        if (string.IsNullOrWhiteSpace(template.Text)) return Problem.Validation("text", "A template says something.");
        if (channel == Channel.Sms && template.Subject.Length > 0) return Problem.Validation("subject", "An SMS has no subject.");
        if (channel != Channel.Sms && template.Subject.Length == 0) return Problem.Validation("subject", "A subject is needed.");
        if (channel != Channel.Email && template.Html is not null) return Problem.Validation("html", "Only mails have HTML.");
        if (channel == Channel.Sms && template.Text.Length > LongestSms) return Problem.Validation("text", $"An SMS has at most {LongestSms} characters.");

        (string Field, string Text)[] texts = [("subject", template.Subject), ("text", template.Text), ("html", template.Html ?? "")];
        foreach (var (field, text) in texts)
        {
            if (Placeholders.HasStrayBraces(text)) return Problem.Validation(field, "Double braces belong around the name of a placeholder: {{order.id}}.");
        }
        var known = notice.PlaceholdersOf(channel, shop);
        var unknown = template.Names.Except(known).ToList();
        if (unknown.Count == 0) return null;
        var detail = $"There is no {string.Join(", ", unknown)} here. There are {string.Join(", ", known)}.";
        return new Problem(ProblemKind.Invalid, "UNKNOWN_PLACEHOLDER", detail)
        {
            Errors = texts.Where(entry => Placeholders.NamesIn(entry.Text).Intersect(unknown).Any()).ToDictionary(entry => entry.Field, _ => new[] { detail }),
            Extensions = new Dictionary<string, object?> { ["unknown"] = unknown, ["placeholders"] = known },
        };
    }

    /// <summary>Stores a template, or with none returns to the default; false when it has changed since it was read.</summary>
    static async Task<bool> StoreAsync(
        (string Event, string Channel, string Language) of, Template? template, long[]? allowed, Guid changedBy, ServiceDatabase database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginAsync(cancellationToken);
        var present = await LockAsync(transaction, of, cancellationToken);
        if (allowed is not null && !Array.Exists(allowed, version => version == present)) return false;

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        batch.BatchCommands.Add(Row(of, template, now, template is null
            ? "delete from templates where event = $1 and channel = $2 and language = $3"
            : """
              insert into templates (event, channel, language, subject, text, html, changed_at) values ($1, $2, $3, $4, $5, $6, $7)
              on conflict (event, channel, language) do update
              set subject = excluded.subject, text = excluded.text, html = excluded.html, changed_at = excluded.changed_at, version = nextval('template_versions')
              """));
        var change = Row(of, template, now, "insert into template_changes (event, channel, language, subject, text, html, changed_at, changed_by) values ($1, $2, $3, $4, $5, $6, $7, $8)");
        change.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = changedBy });
        batch.BatchCommands.Add(change);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>The version that it has until this transaction ends: also of a default, which has no row to lock.</summary>
    static async Task<long> LockAsync(DatabaseTransaction transaction, (string Event, string Channel, string Language) of, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_advisory_xact_lock(hashtextextended($1 || '/' || $2 || '/' || $3, 0))"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select version from templates where event = $1 and channel = $2 and language = $3"));
        foreach (NpgsqlBatchCommand command in batch.BatchCommands) AddKey(command, of);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? reader.GetInt64(0) : 0;
    }

    static NpgsqlBatchCommand Row((string Event, string Channel, string Language) of, Template? template, DateTimeOffset now, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        AddKey(command, of);
        foreach (var text in new[] { template?.Subject, template?.Text, template?.Html })
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        return command;
    }

    static void AddKey(NpgsqlBatchCommand command, (string Event, string Channel, string Language) of)
    {
        foreach (var part in new[] { of.Event, of.Channel, of.Language }) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = part });
    }

    static async Task<Ok<TemplateAnswer>> PresentAsync(Notice notice, string channel, string language, Notices notices, HttpResponse response, CancellationToken cancellationToken)
    {
        await notices.ReadAsync(cancellationToken);
        response.Headers.ETag = ReadTemplates.Tag(notices.Template(notice, channel, language).Version);
        return TypedResults.Ok(ReadTemplates.Answer(notices, notice, channel, language));
    }
}
