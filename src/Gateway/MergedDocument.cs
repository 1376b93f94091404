using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing.Template;

namespace Rosa.Gateway;

/// <summary>Makes one OpenAPI document of several. Schemas of one name and different content get their service's name in front.</summary>
static class MergedDocument
{
    /// <summary>The part that the gateway answers itself.</summary>
    public const string Gateway = "gateway";

    const string SchemaReference = "#/components/schemas/";
    const string RateLimited = "RateLimited";
    const string Unavailable = "Unavailable";

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
            ["info"] = new JsonObject
            {
                ["title"] = "Rosa",
                ["version"] = "1",
                ["description"] = "The shop's API. Refusals are problem details (RFC 9457) with a stable `code`.",
                ["license"] = new JsonObject { ["name"] = "Apache 2.0", ["identifier"] = "Apache-2.0" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["tags"] = TagsOf(paths),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = UsedOf(schemas, paths),
                ["responses"] = new JsonObject
                {
                    [RateLimited] = Refusal("Too many requests from this address."),
                    [Unavailable] = Refusal("Something that is needed for the answer is down; nothing was half done."),
                },
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

    /// <summary>The schemas that the routed paths refer to, directly or by way of others.</summary>
    static JsonObject UsedOf(JsonObject schemas, JsonObject paths)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var toVisit = new Stack<JsonNode>([paths]);
        if (schemas.ContainsKey("Problem")) toVisit.Push(Reference(SchemaReference + "Problem"));
        while (toVisit.TryPop(out var node))
        {
            foreach (var name in ReferencesIn(node))
                if (schemas[name] is { } schema && used.Add(name)) toVisit.Push(schema);
        }
        foreach (var name in schemas.Select(schema => schema.Key).Where(name => !used.Contains(name)).ToList()) schemas.Remove(name);
        return schemas;
    }

    static IEnumerable<string> ReferencesIn(JsonNode node) => node switch
    {
        JsonArray array => array.OfType<JsonNode>().SelectMany(ReferencesIn),
        JsonObject members => (members["$ref"] is JsonValue reference && reference.TryGetValue<string>(out var target) && target.StartsWith(SchemaReference, StringComparison.Ordinal)
            ? [target[SchemaReference.Length..]] : Array.Empty<string>()).Concat(members.Select(member => member.Value).OfType<JsonNode>().SelectMany(ReferencesIn)),
        _ => [],
    };

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
                if (IsRouted(service, method.ToUpperInvariant(), path)) routed[method] = Entered(operation?.DeepClone());
            }
            if (routed.Count > 0) paths.TryAdd(path, routed);
        }
    }

    /// <summary>With what the gateway itself may answer.</summary>
    static JsonNode? Entered(JsonNode? operation)
    {
        if (operation?["responses"] is not JsonObject responses) return operation;
        responses.TryAdd("429", Reference("#/components/responses/" + RateLimited));
        responses.TryAdd("503", Reference("#/components/responses/" + Unavailable));
        return operation;
    }

    static JsonObject Refusal(string description) => new()
    {
        ["description"] = description,
        ["headers"] = new JsonObject { ["Retry-After"] = new JsonObject { ["description"] = "Seconds.", ["schema"] = new JsonObject { ["type"] = "integer" } } },
        ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = Reference(SchemaReference + "Problem") } },
    };

    static JsonObject Reference(string target) => new() { ["$ref"] = target };

    static JsonArray TagsOf(JsonObject paths) => [.. paths.SelectMany(path => path.Value!.AsObject())
        .SelectMany(method => method.Value?["tags"]?.AsArray().Select(tag => tag!.GetValue<string>()) ?? [])
        .Distinct().Order(StringComparer.Ordinal).Select(tag => (JsonNode)new JsonObject { ["name"] = tag })];

    /// <summary>Whether a call of this path, with anything in place of its parameters, reaches the service.</summary>
    static bool IsRouted(string service, string method, string path) =>
        service == Gateway ? path.StartsWith("/api/", StringComparison.Ordinal) : matchers.Any(row => row.Route.Service == service && row.Route.Allows(method) && row.Matcher.TryMatch(Sample(path), new RouteValueDictionary()));

    static readonly (Route Route, TemplateMatcher Matcher)[] matchers =
        [.. Routes.All.Select(route => (route, new TemplateMatcher(TemplateParser.Parse(route.Path.TrimStart('/')), new RouteValueDictionary())))];

    static string Sample(string path) => path.Replace('{', 'x').Replace('}', 'x');
}
