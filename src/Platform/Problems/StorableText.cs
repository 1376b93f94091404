using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;

namespace Rosa.Platform.Problems;

/// <summary>
/// Refuses the one character that PostgreSQL cannot store, U+0000, before it gets there: in addresses with <see cref="UseStorableText"/>, in JSON bodies
/// as the converter of every text.
/// </summary>
/// <remarks>
/// PostgreSQL refuses it as well, but late, and Npgsql 10.0.0 then takes the statement that was about to be prepared for one that answers no rows: the
/// next request that used it on that connection failed.
/// </remarks>
public sealed class StorableText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        // A number or an object where a text belongs is refused by the reader with an exception that is none of the body's.
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName)) throw new JsonException();
        var text = Text(ref reader);
        return text is not null && text.Contains('\0', StringComparison.Ordinal) ? throw new JsonException() : text;
    }

    /// <summary>Half of a character (<c>\ud800</c>), or bytes that are no UTF-8, are no text either.</summary>
    static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new JsonException();
        }
    }

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => Read(ref reader, type, options)!;

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);
}

static class StorableTextMiddleware
{
    static readonly Problem refused = new(ProblemKind.Invalid, "BAD_REQUEST", "The address holds a character that cannot be stored: leave %00 out.");

    /// <summary>Refuses a path or a query with U+0000 in it.</summary>
    public static void UseStorableText(this WebApplication app) => app.Use((context, next) =>
        context.Request.Path.Value!.Contains('\0', StringComparison.Ordinal) || context.Request.QueryString.Value!.Contains("%00", StringComparison.Ordinal)
            ? ProblemMiddleware.WriteAsync(context, refused.ToDetails())
            : next(context));
}
