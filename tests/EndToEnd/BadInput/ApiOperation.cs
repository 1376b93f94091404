using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rosa.EndToEnd.Tests.BadInput;

/// <summary>A parameter of an address.</summary>
/// <param name="Type"><c>integer</c>, <c>number</c>, <c>boolean</c> or <c>string</c>.</param>
public sealed record ApiParameter(string Name, string Type);

/// <summary>An operation of the merged document, with its references resolved as they are needed.</summary>
public sealed record ApiOperation(
    string Id, HttpMethod Method, string Path, IReadOnlyList<ApiParameter> InPath, IReadOnlyList<ApiParameter> InQuery, string? MediaType, JsonObject? Body, JsonObject Document)
{
    public bool TakesJson => MediaType == "application/json" && Body is not null;

    public static IReadOnlyList<ApiOperation> AllOf(JsonObject document) =>
        [.. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
            .Where(method => method.Key is not "parameters")
            .Select(method => Of(document, path.Key, method.Key, method.Value!.AsObject())))];

    static ApiOperation Of(JsonObject document, string path, string method, JsonObject described)
    {
        var parameters = described["parameters"]?.AsArray().Select(parameter => Resolve(document, parameter!.AsObject())).ToList() ?? [];
        var content = described["requestBody"]?["content"]?.AsObject();
        var media = content?.Select(entry => entry.Key).FirstOrDefault();
        return new ApiOperation(
            described["operationId"]?.GetValue<string>() ?? $"{method} {path}", HttpMethod.Parse(method.ToUpperInvariant()), path,
            In("path"), In("query"), media, media is null ? null : content![media]!["schema"] as JsonObject, document);

        IReadOnlyList<ApiParameter> In(string place) =>
            [.. parameters.Where(parameter => parameter["in"]!.GetValue<string>() == place)
                .Select(parameter => new ApiParameter(parameter["name"]!.GetValue<string>(), TypeOf(document, parameter["schema"]!.AsObject())))];
    }

    /// <summary>What a reference refers to; of a nullable one, what it is when it is not null.</summary>
    public static JsonObject Resolve(JsonObject document, JsonObject schema)
    {
        if (schema["oneOf"] is JsonArray either && either.OfType<JsonObject>().FirstOrDefault(one => one["type"]?.ToJsonString() != "\"null\"") is { } some) return Resolve(document, some);
        if (schema["$ref"] is not { } reference) return schema;
        JsonNode found = document;
        foreach (var step in reference.GetValue<string>().Split('/').Skip(1)) found = found[step]!;
        return Resolve(document, found.AsObject());
    }

    /// <summary>The first type that is named beside <c>null</c>.</summary>
    public static string TypeOf(JsonObject document, JsonObject schema) => Resolve(document, schema)["type"] switch
    {
        JsonValue one => one.GetValue<string>(),
        JsonArray several => several.Select(type => type!.GetValue<string>()).First(type => type != "null"),
        _ => Resolve(document, schema).ContainsKey("properties") ? "object" : "string",
    };

    public IReadOnlyList<KeyValuePair<string, JsonObject>> Properties(JsonObject schema) =>
        [.. (Resolve(Document, schema)["properties"]?.AsObject() ?? []).Select(property => KeyValuePair.Create(property.Key, property.Value!.AsObject()))];

    /// <summary>What an array is made of; text where the document does not say.</summary>
    public JsonObject ItemOf(JsonObject array) => Resolve(Document, array)["items"] as JsonObject ?? [];

    public bool IsRequired(JsonObject schema, string property) =>
        Resolve(Document, schema)["required"]?.AsArray().Any(name => name!.GetValue<string>() == property) == true;
}
