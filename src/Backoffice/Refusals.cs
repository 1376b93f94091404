using System.Globalization;
using Microsoft.Extensions.Primitives;
using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary>What the shop refused, next to the field it is about; and what was typed, as numbers and times.</summary>
static class Refusals
{
    /// <param name="fields">The field that a code is about: <c>("SKU_TAKEN", "sku")</c>.</param>
    public static void Explain(this PostedForm form, Refusal refusal, Texts texts, params ReadOnlySpan<(string Code, string Field)> fields)
    {
        foreach (var (name, messages) in refusal.Errors)
        {
            var field = name.Split('.')[^1];
            if (field.Length > 0) field = char.ToLowerInvariant(field[0]) + field[1..];
            form.Refuse(name.Contains("en.", StringComparison.OrdinalIgnoreCase) ? $"{field}En" : field, texts.Find($"invalid.{field}") ?? string.Join(' ', messages));
        }
        if (form.HasErrors) return;
        var about = "";
        foreach (var (code, field) in fields) if (code == refusal.Code) about = field;
        form.Refuse(about, Word(refusal, texts));
    }

    public static string Word(Refusal refusal, Texts texts) => texts.Find($"refused.{refusal.Code}") ?? refusal.Detail ?? texts["problem.500.text"];

    /// <summary>Money or a percentage, with a comma or a point; null when it is none.</summary>
    public static decimal? Amount(this PostedForm form, string name) => Amount(form[name]);

    public static decimal? Amount(string text) =>
        decimal.TryParse(text.Replace(" ", "", StringComparison.Ordinal).Replace(',', '.'), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var amount) ? amount : null;

    /// <summary>A time as a browser's field gives it, taken as UTC.</summary>
    public static DateTimeOffset? Time(this PostedForm form, string name) =>
        DateTimeOffset.TryParse(form[name], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>A time as a browser's field wants it.</summary>
    public static string ForField(this DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    public static string Plain(this decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A long text whole, with the line ends of the shop.</summary>
    public static string LongText(this HttpContext context, string name) =>
        (context.Request.HasFormContentType && context.Request.Form.TryGetValue(name, out StringValues value) ? value.ToString() : "").Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal).Trim();

    public static Guid[] Ids(this PostedForm form, string name) =>
        [.. form[name].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text => Guid.TryParse(text, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).Distinct()];
}
