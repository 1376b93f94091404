using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Rosa.Web;

/// <summary>What a person typed, and what was wrong with it: a page is rendered again from it, so that nothing is typed twice.</summary>
public sealed class PostedForm
{
    const int LongestValue = 4_000;

    readonly Dictionary<string, string> values = [];
    readonly Dictionary<string, string> errors = [];

    public static readonly PostedForm Empty = new();

    /// <summary>Lets minimal APIs hand the form to an endpoint.</summary>
    public static async ValueTask<PostedForm?> BindAsync(HttpContext context)
    {
        var form = new PostedForm();
        if (!context.Request.HasFormContentType) return form;
        foreach (var (name, value) in await context.Request.ReadFormAsync(context.RequestAborted)) form[name] = Text(value, trimmed: !name.Contains("password", StringComparison.OrdinalIgnoreCase));
        return form;
    }

    /// <summary>What was typed, without spaces around it; empty when nothing was.</summary>
    public string this[string name]
    {
        get => values.GetValueOrDefault(name, "");
        set => values[name] = value;
    }

    public int Number(string name, int otherwise) => int.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    public Guid? Id(string name) => Guid.TryParse(this[name], out var id) ? id : null;

    public bool IsTicked(string name) => this[name].Length > 0;

    public bool HasErrors => errors.Count > 0;

    public IEnumerable<KeyValuePair<string, string>> Errors => errors;

    public string? Error(string name) => errors.GetValueOrDefault(name);

    /// <summary>Says what is wrong with a field; the first word counts.</summary>
    public void Refuse(string name, string message) => errors.TryAdd(name, message);

    /// <summary>Says why the shop refused: by field where it named fields, with this language's words where there are some.</summary>
    public void Refuse(Refusal refusal, Texts texts)
    {
        foreach (var (field, messages) in refusal.Errors) Refuse(field.Split('.')[^1], texts.Find($"invalid.{field.Split('.')[^1]}") ?? string.Join(' ', messages));
        if (!HasErrors) Refuse("", texts.Find($"refused.{refusal.Code}") ?? refusal.Detail ?? texts["problem.500.text"]);
    }

    /// <summary>Refuses when nothing was typed.</summary>
    public void Require(string message, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (this[name].Length == 0) Refuse(name, message);
        }
    }

    static string Text(StringValues value, bool trimmed)
    {
        var text = value.ToString().Replace("\0", "", StringComparison.Ordinal);
        if (trimmed) text = text.Trim();
        return text.Length <= LongestValue ? text : text[..LongestValue];
    }
}
