using System.Globalization;
using System.Text.Json;

namespace Rosa.Host;

/// <summary>What the host itself says: a sentence in a terminal, a line of JSON like the services' own in a log.</summary>
static class HostLog
{
    static readonly Lock Turn = new();

    public static void Say(string message)
    {
        var line = Console.IsOutputRedirected
            ? $$"""{"at":"{{DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture)}}","level":"Information","service":"host","category":"Rosa.Host","message":{{Quoted(message)}}}"""
            : message;
        lock (Turn) Console.WriteLine(line);
    }

    /// <summary>Why the host ends. The <c>rosa</c> script shows it to whoever waits for the start.</summary>
    public static void Fail(string message)
    {
        lock (Turn) Console.Error.WriteLine($"rosa: {message}");
    }

    static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
