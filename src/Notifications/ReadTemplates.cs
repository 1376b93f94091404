using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Notifications.Templates;
using Rosa.Platform.Problems;

namespace Rosa.Notifications;

/// <param name="Subject">A mail's subject, or the headline in the shop; empty for an SMS.</param>
/// <param name="Html">A mail's HTML; null: made from the text.</param>
/// <param name="IsDefault">Whether it is the one in the code.</param>
/// <param name="Placeholders">What may stand in it between <c>{{</c> and <c>}}</c>.</param>
public sealed record TemplateAnswer(
    string Event, string Channel, string Language, string Subject, string Text, string? Html, bool IsDefault, DateTimeOffset? ChangedAt, IReadOnlyList<string> Placeholders);

public sealed record TemplatePage(IReadOnlyList<TemplateAnswer> Templates, long Total, int Page, int Limit);

/// <summary><c>GET /api/notifications/templates</c>, and one of them with its <c>ETag</c>.</summary>
static class ReadTemplates
{
    public static async Task<Results<Ok<TemplatePage>, ProblemHttpResult>> List(Notices notices, CancellationToken cancellationToken, int page = 1, int limit = 20)
    {
        if (page is < 1 or > 100_000) return Problem.Validation("page", "Pages count from 1 to 100,000.").ToResult();
        if (limit is < 1 or > 100) return Problem.Validation("limit", "The limit is 1 to 100.").ToResult();

        await notices.ReadAsync(cancellationToken);
        var all = (from notice in Notices.All
                   from channel in notice.Channels
                   from language in Notice.Languages
                   select Answer(notices, notice, channel, language)).ToList();
        return TypedResults.Ok(new TemplatePage([.. all.Skip((page - 1) * limit).Take(limit)], all.Count, page, limit));
    }

    public static async Task<Results<Ok<TemplateAnswer>, ProblemHttpResult>> One(
        string @event, string channel, string language, Notices notices, HttpResponse response, CancellationToken cancellationToken)
    {
        if (Notices.Find(@event, channel, language) is not { } notice) return Problem.NotFound("template").ToResult();
        await notices.ReadAsync(cancellationToken);
        response.Headers.ETag = Tag(notices.Template(notice, channel, language).Version);
        return TypedResults.Ok(Answer(notices, notice, channel, language));
    }

    public static TemplateAnswer Answer(Notices notices, Notice notice, string channel, string language)
    {
        var (template, _, changedAt) = notices.Template(notice, channel, language);
        return new TemplateAnswer(
            notice.Event, channel, language, template.Subject, template.Text, template.Html, IsDefault: changedAt is null, changedAt, notice.PlaceholdersOf(channel, notices.Shop));
    }

    public static string Tag(long version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    /// <summary>The versions that <c>If-Match</c> allows; null for any.</summary>
    public static long[]? Allowed(HttpRequest request)
    {
        if (request.Headers.IfMatch.Count == 0) return null;
        var tags = request.Headers.IfMatch.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)).ToList();
        if (tags.Contains("*")) return null;
        return [.. tags.Select(tag => long.TryParse(tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1)];
    }
}
