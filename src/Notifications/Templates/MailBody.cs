using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Rosa.Notifications.Templates;

/// <summary>Writes a mail as text and as HTML at once. Everything given is text: what HTML would take for its own is escaped here.</summary>
sealed class MailBody(string language)
{
    static readonly HtmlEncoder escape = HtmlEncoder.Create(UnicodeRanges.All);

    readonly StringBuilder text = new();
    readonly StringBuilder html = new();

    public MailBody Paragraph(string words)
    {
        text.Append(words).Append("\n\n");
        html.Append("<p>").AppendJoin("<br>", words.Split('\n').Select(escape.Encode)).Append("</p>\n");
        return this;
    }

    public MailBody Table(IEnumerable<(string What, string HowMuch)> rows)
    {
        html.Append("<table role=\"presentation\" cellpadding=\"4\">\n");
        foreach (var (what, howMuch) in rows)
        {
            text.Append(what).Append("  ").Append(howMuch).Append('\n');
            html.Append("<tr><td>").Append(escape.Encode(what)).Append("</td><td align=\"right\">").Append(escape.Encode(howMuch)).Append("</td></tr>\n");
        }
        text.Append('\n');
        html.Append("</table>\n");
        return this;
    }

    public MailContent ToMail(string subject) => new(
        subject,
        text.ToString().TrimEnd() + "\n",
        $"""
        <!doctype html>
        <html lang="{language}">
        <head><meta charset="utf-8"><title>{escape.Encode(subject)}</title></head>
        <body style="font-family: sans-serif; line-height: 1.5; max-width: 36em; margin: 1em auto">
        {html}</body>
        </html>
        """);
}
