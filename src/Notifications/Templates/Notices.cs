using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Platform.Database;

namespace Rosa.Notifications.Templates;

/// <summary>A template as it is now.</summary>
/// <param name="Version">0 for the default.</param>
sealed record PresentTemplate(Template Template, long Version, DateTimeOffset? ChangedAt)
{
    public bool IsDefault => Version == 0;
}

/// <summary>All that is told, and the words for it: the defaults in the code, and in their place what employees wrote.</summary>
sealed class Notices(ServiceDatabase database, IOptions<NotificationsOptions> options, TimeProvider clock)
{
    /// <summary>How long other instances go on with the words of before.</summary>
    static readonly TimeSpan readEvery = TimeSpan.FromSeconds(5);

    static readonly FrozenDictionary<string, Notice> all = new[]
    {
        AccountNotices.Welcome, AccountNotices.VerifyEmail, AccountNotices.ResetPassword,
        OrderNotices.Confirmed, OrderNotices.Cancelled, OrderNotices.Processing, OrderNotices.Shipped, OrderNotices.Delivered,
        MoneyNotices.Failed, MoneyNotices.Refunded, MoneyNotices.Promotion,
        StaffNotices.LowStock, StaffNotices.Disagreements,
    }.ToFrozenDictionary(notice => notice.Event);

    sealed record Written(FrozenDictionary<(string Event, string Channel, string Language), PresentTemplate> Templates, DateTimeOffset ReadAt);

    volatile Written written = new(FrozenDictionary<(string, string, string), PresentTemplate>.Empty, DateTimeOffset.MinValue);

    public Shop Shop { get; } = new(options.Value.ShopName, options.Value.ShopAddress, options.Value.Currency);

    public static IEnumerable<Notice> All => all.Values.OrderBy(notice => notice.Event, StringComparer.Ordinal);

    public static Notice For(string @event) => all[@event];

    public static Notice? Find(string @event, string channel, string language) =>
        all.TryGetValue(@event, out var notice) && notice.Defaults.ContainsKey((channel, language)) ? notice : null;

    /// <summary>Reads what employees wrote, when that is some seconds ago; what <see cref="Template"/> then gives.</summary>
    public ValueTask RefreshAsync(CancellationToken cancellationToken) =>
        clock.GetUtcNow() - written.ReadAt < readEvery ? ValueTask.CompletedTask : new ValueTask(ReadAsync(cancellationToken));

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("select event, channel, language, subject, text, html, version, changed_at from templates");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var templates = new Dictionary<(string, string, string), PresentTemplate>();
        while (await reader.ReadAsync(cancellationToken))
            templates[(reader.GetString(0), reader.GetString(1), reader.GetString(2))] = new PresentTemplate(
                new Template(reader.GetString(3), reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetString(5)), reader.GetInt64(6), reader.GetFieldValue<DateTimeOffset>(7));
        written = new Written(templates.ToFrozenDictionary(), clock.GetUtcNow());
    }

    public PresentTemplate Template(Notice notice, string channel, string language) =>
        written.Templates.TryGetValue((notice.Event, channel, language), out var template)
            ? template : new PresentTemplate(notice.Defaults[(channel, language)], Version: 0, ChangedAt: null);
}
