using System.Globalization;
using Rosa.Contracts.Catalog;
using Rosa.Contracts.Orders;

namespace Rosa.Notifications.Templates;

/// <summary>To employees and admins.</summary>
static class StaffNotices
{
    /// <summary>A mail names so many; the back office shows all.</summary>
    const int MostNamed = 20;

    public static Notice LowStock { get; } = Notice.Of<StockLow>(
        required: true, _ => default,
        (happened, _, _) => new()
        {
            ["product.id"] = happened.ProductId.ToString(),
            ["product.title"] = happened.Title,
            ["stock.available"] = happened.Available.ToString(CultureInfo.InvariantCulture),
            ["stock.threshold"] = happened.Threshold.ToString(CultureInfo.InvariantCulture),
        },
        sample: new StockLow(Guid.Parse("01890000-0000-7000-8000-000000000005"), "Croquettes", 3, 5, new DateTimeOffset(2026, 12, 24, 12, 0, 0, TimeSpan.Zero)),
        OrderNotices.Simple(
            french: ("Stock bas : {{product.title}}", "Il reste {{stock.available}} × {{product.title}} (seuil : {{stock.threshold}})."),
            english: ("Low stock: {{product.title}}", "There are {{stock.available}} × {{product.title}} left (threshold: {{stock.threshold}}).")));

    public static Notice Disagreements { get; } = Notice.Of<ReconciliationFound>(
        required: true, _ => default,
        (happened, language, _) => new()
        {
            ["findings.count"] = happened.Findings.Count.ToString(CultureInfo.InvariantCulture),
            ["findings.open"] = happened.Findings.Count(finding => !finding.Mended).ToString(CultureInfo.InvariantCulture),
            ["findings.list"] = string.Join('\n', happened.Findings.Take(MostNamed).Select(finding => $"{finding.Code} {finding.Subject}: {finding.Detail}{Mended(finding, language)}")),
        },
        sample: new ReconciliationFound(
            Guid.Parse("01890000-0000-7000-8000-000000000004"), [new ReconciliationFinding("CHARGED_NOT_CONFIRMED", "01890000-0000-7000-8000-000000000002", "The payment was given back.", Mended: true)],
            new DateTimeOffset(2026, 12, 24, 12, 0, 0, TimeSpan.Zero)),
        OrderNotices.Simple(
            french: ("Rapprochement : {{findings.count}} désaccord(s), {{findings.open}} à regarder", "Commandes, stock et paiements ne s'accordaient pas :\n{{findings.list}}"),
            english: ("Reconciliation: {{findings.count}} disagreement(s), {{findings.open}} to look at", "Orders, stock and payments did not agree:\n{{findings.list}}")));

    static string Mended(ReconciliationFinding finding, string language) => (finding.Mended, language) switch
    {
        (false, _) => "",
        (_, "en") => " (mended)",
        _ => " (réparé)",
    };
}
