using System.Globalization;
using System.Text;

namespace Rosa.Platform.Telemetry;

/// <summary>Writes the Prometheus text exposition format, version 0.0.4.</summary>
sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    readonly StringBuilder text = new();

    /// <param name="type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
    public void Describe(string name, string type, string help) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace('\n', ' ')).Append('\n')
            .Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    public void Value(string name, double value, params ReadOnlySpan<KeyValuePair<string, string>> labels)
    {
        text.Append(name);
        for (var i = 0; i < labels.Length; i++)
            text.Append(i == 0 ? '{' : ',').Append(labels[i].Key).Append("=\"").Append(Escape(labels[i].Value)).Append('"');
        if (labels.Length > 0) text.Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    /// <summary>A metric of one value.</summary>
    public void Single(string name, string type, string help, double value)
    {
        Describe(name, type, help);
        Value(name, value);
    }

    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    static string Escape(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");

    public override string ToString() => text.ToString();
}
