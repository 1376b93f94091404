using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Rosa.Notifications.Templates;

/// <summary>What a notification says, with placeholders.</summary>
/// <param name="Subject">One line: a mail's subject, the headline in the shop; empty for an SMS.</param>
/// <param name="Html">A mail's HTML; null when it is made from the text.</param>
sealed record Template(string Subject, string Text, string? Html = null)
{
    public IEnumerable<string> Names => Placeholders.NamesIn(Subject).Concat(Placeholders.NamesIn(Text)).Concat(Placeholders.NamesIn(Html ?? "")).Distinct();

    /// <summary>Puts the values in. In HTML what HTML would take for its own is escaped.</summary>
    public Message Write(IReadOnlyDictionary<string, Value> values, string language)
    {
        string InText(string name) => values.TryGetValue(name, out var value) ? value.Text : "";
        string InHtml(string name) => values.TryGetValue(name, out var value) ? value.Html?.Invoke() ?? WithBreaks(value.Text) : "";

        var subject = OneLine(Placeholders.Fill(Subject, InText));
        return new Message(subject, Placeholders.Fill(Text, InText).TrimEnd() + "\n", Page(subject, Placeholders.Fill(Html ?? HtmlOf(Text), InHtml), language));
    }

    /// <summary>For texts without HTML: the subject and the text alone.</summary>
    public (string Subject, string Text) WriteText(IReadOnlyDictionary<string, Value> values)
    {
        string InText(string name) => values.TryGetValue(name, out var value) ? value.Text : "";
        return (OneLine(Placeholders.Fill(Subject, InText)), Placeholders.Fill(Text, InText).Trim());
    }

    public string WriteSubject(IReadOnlyDictionary<string, Value> values) => OneLine(Placeholders.Fill(Subject, name => values.TryGetValue(name, out var value) ? value.Text : ""));

    /// <summary>A paragraph for each that blank lines set apart; a table stands by itself.</summary>
    static string HtmlOf(string text)
    {
        var html = new StringBuilder();
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (paragraph == "{{order.items}}") html.Append(paragraph).Append('\n');
            else html.Append("<p>").Append(WithBreaks(paragraph)).Append("</p>\n");
        }
        return html.ToString();
    }

    static string WithBreaks(string text) => string.Join("<br>", text.Split('\n').Select(Escape));

    static string OneLine(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character)).Trim();

    static string Page(string subject, string body, string language) =>
        $"""
        <!doctype html>
        <html lang="{language}">
        <head><meta charset="utf-8"><title>{Escape(subject)}</title></head>
        <body style="font-family: sans-serif; line-height: 1.5; max-width: 36em; margin: 1em auto">
        {body}</body>
        </html>
        """;

    static readonly HtmlEncoder encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Escape(string text) => encoder.Encode(text);
}

/// <summary>A notification as it is sent: twice for mails, for programs that show HTML and for those that do not.</summary>
sealed record Message(string Subject, string Text, string Html);

/// <summary>What stands in the place of a placeholder.</summary>
/// <param name="Html">When it is more than the escaped text: made by us, escaped by us, and only when a mail wants it.</param>
sealed record Value(string Text, Func<string>? Html = null)
{
    public static implicit operator Value(string text) => new(text);

    public static Value Link(string address) => new(address, () => $"<a href=\"{Template.Escape(address)}\">{Template.Escape(address)}</a>");

    public static Value Table(IReadOnlyList<(string What, string HowMuch)> rows) => new(
        string.Join('\n', rows.Select(row => $"{row.What}  {row.HowMuch}")),
        () => "<table role=\"presentation\" cellpadding=\"4\">\n"
        + string.Concat(rows.Select(row => $"<tr><td>{Template.Escape(row.What)}</td><td align=\"right\">{Template.Escape(row.HowMuch)}</td></tr>\n")) + "</table>\n");
}
