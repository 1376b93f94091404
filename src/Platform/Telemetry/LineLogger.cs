using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Rosa.Platform.Hosting;

namespace Rosa.Platform.Telemetry;

/// <summary>
/// Logs of one service as lines: JSON for machines, one short line for a person at a terminal. Nobody here logs an e-mail address, but others do in what they
/// complain of, and their reasons are logged: a mail server names whom it refuses. So what looks like an address is left out.
/// </summary>
sealed class LineLoggerProvider(string service, bool asJson, LogWriter writer) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new LineLogger(service, categoryName, asJson, writer);

    public void Dispose() => writer.Flush();
}

sealed partial class LineLogger(string service, string category, bool asJson, LogWriter writer) : ILogger
{
    const int KeptBuffer = 64 * 1024;

    [ThreadStatic] static ArrayBufferWriter<byte>? line;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var buffer = line ??= new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        var message = WithoutAddresses(formatter(state, exception));
        var trace = exception is null ? null : WithoutAddresses(exception.ToString());
        if (asJson) WriteJson(buffer, logLevel, message, trace);
        else WriteText(buffer, logLevel, message, trace);
        writer.Write(buffer.WrittenSpan);
        if (buffer.Capacity > KeptBuffer) line = null;
    }

    void WriteJson(ArrayBufferWriter<byte> buffer, LogLevel level, string message, string? exception)
    {
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteString("at", DateTime.UtcNow);
            json.WriteString("level", level.ToString());
            json.WriteString("service", service);
            json.WriteString("category", category);
            json.WriteString("message", message);
            if (Correlation.Current is { } correlationId) json.WriteString("correlationId", correlationId);
            if (Activity.Current is { } activity) json.WriteString("traceId", activity.TraceId.ToHexString());
            if (exception is not null) json.WriteString("exception", exception);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
    }

    void WriteText(ArrayBufferWriter<byte> buffer, LogLevel level, string message, string? exception)
    {
        var (word, colour) = level switch
        {
            LogLevel.Warning => ("warn ", "\e[33m"),
            LogLevel.Error or LogLevel.Critical => ("error", "\e[31m"),
            LogLevel.Information => ("info ", ""),
            _ => ("debug", ""),
        };
        if (Console.IsOutputRedirected) colour = "";
        var text = $"{colour}{DateTime.Now:HH:mm:ss.fff} {word} {service,-15} {message}{(colour.Length > 0 ? "\e[0m" : "")}\n";
        buffer.Write(Encoding.UTF8.GetBytes(exception is null ? text : $"{text}{exception}\n"));
    }

    static string WithoutAddresses(string text) => text.Contains('@', StringComparison.Ordinal) || text.Contains("%40", StringComparison.Ordinal) ? EmailAddress().Replace(text, "(an address)") : text;

    [GeneratedRegex(@"[^\s<>""'()\[\],;:=/?&]{1,64}(?:@|%40)[^\s<>""'()\[\],;:=/?&]{1,190}\.[^\s<>""'()\[\],;:=/?&.]{2,63}")]
    private static partial Regex EmailAddress();
}
