using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing.Template;

namespace Rosa.Gateway;

/// <summary>Makes one OpenAPI document of several. Schemas of one name and different content get their service's name in front.</summary>
static class MergedDocument
{
    /// <summary>The part that the gateway answers itself.</summary>
    public const string Gateway = "gateway";

    const string SchemaReference = "#/components/schemas/";

    public static JsonObject Of(IReadOnlyList<(string Service, JsonObject? Document)> parts)
    {
        var paths = new JsonObject();
        var schemas = new JsonObject();
        foreach (var (service, document) in parts)
        {
            if (document is null) continue;
            AddSchemas(schemas, service, document);
            AddPaths(paths, service, document);
        }
        return new JsonObject
        {
            ["openapi"] = parts.Select(part => part.Document?["openapi"]?.DeepClone()).FirstOrDefault(version => version is not null) ?? "3.1.1",
            ["info"] = new JsonObject { ["title"] = "Rosa", ["version"] = "1", ["description"] = "The shop's API. Refusals are problem details (RFC 9457) with a stable `code`." },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "JWT", ["description"] = "The token of POST /api/users/login." },
                },
            },
            ["security"] = new JsonArray(new JsonObject(), new JsonObject { ["bearer"] = new JsonArray() }),
            ["x-unavailable"] = new JsonArray([.. parts.Where(part => part.Document is null).Select(part => JsonValue.Create(part.Service))]),
        };
    }

    static void AddSchemas(JsonObject schemas, string service, JsonObject document)
    {
        if (document["components"]?["schemas"] is not JsonObject own) return;
        var renamed = own
            .Where(schema => schemas[schema.Key] is { } taken && !JsonNode.DeepEquals(taken, schema.Value))
            .ToDictionary(schema => schema.Key, schema => char.ToUpperInvariant(service[0]) + service[1..] + schema.Key);
        if (renamed.Count > 0) Rename(document, renamed);
        foreach (var (name, schema) in own) schemas.TryAdd(renamed.GetValueOrDefault(name, name), schema?.DeepClone());
    }

    static void Rename(JsonNode node, Dictionary<string, string> renamed)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array) if (item is not null) Rename(item, renamed);
        }
        if (node is not JsonObject members) return;
        if (members["$ref"] is JsonValue reference && reference.TryGetValue<string>(out var target) && target.StartsWith(SchemaReference, StringComparison.Ordinal)
            && renamed.TryGetValue(target[SchemaReference.Length..], out var name)) members["$ref"] = SchemaReference + name;
        foreach (var (_, member) in members.ToArray()) if (member is not null) Rename(member, renamed);
    }

    static void AddPaths(JsonObject paths, string service, JsonObject document)
    {
        if (document["paths"] is not JsonObject own) return;
        foreach (var (path, described) in own)
        {
            if (described is not JsonObject methods) continue;
            var routed = new JsonObject();
            foreach (var (method, operation) in methods)
            {
                if (IsRouted(service, method.ToUpperInvariant(), path)) routed[method] = operation?.DeepClone();
            }
            if (routed.Count > 0) paths.TryAdd(path, routed);
        }
    }

    /// <summary>Whether a call of this path, with anything in place of its parameters, reaches the service.</summary>
    static bool IsRouted(string service, string method, string path) =>
        service == Gateway ? path.StartsWith("/api/", StringComparison.Ordinal) : matchers.Any(row => row.Route.Service == service && row.Route.Allows(method) && row.Matcher.TryMatch(Sample(path), new RouteValueDictionary()));

    static readonly (Route Route, TemplateMatcher Matcher)[] matchers =
        [.. Routes.All.Select(route => (route, new TemplateMatcher(TemplateParser.Parse(route.Path.TrimStart('/')), new RouteValueDictionary())))];

    static string Sample(string path) => path.Replace('{', 'x').Replace('}', 'x');
}
