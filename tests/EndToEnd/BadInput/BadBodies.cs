using System.Text;
using System.Text.Json.Nodes;

namespace Rosa.EndToEnd.Tests.BadInput;

/// <param name="IsUnreadable">No operation may take it.</param>
public sealed record BadBody(string What, byte[] Bytes, bool IsUnreadable, string? ContentType = null, string? ContentEncoding = null);

public static class BadBodies
{
    const int OverTheLimit = 1_000_001;

    /// <summary>Bodies that are wrong as a whole.</summary>
    public static IEnumerable<BadBody> Whole(byte[] fitting)
    {
        foreach (var (what, text) in new[]
        {
            ("empty", ""), ("null", "null"), ("an array", "[]"), ("a string", "\"text\""), ("a number", "1"), ("truncated", "{\"a\":"), ("not JSON", "<xml/>"), ("only a brace", "{"), ("trailing", "{} {}"),
            ("array nested 10,000 deep", new string('[', 10_000)), ("object nested 10,000 deep", string.Concat(Enumerable.Repeat("{\"a\":", 10_000))),
            ("unknown member nested 10,000 deep", "{\"a\":" + new string('[', 10_000) + new string(']', 10_000) + "}"),
        }) yield return new BadBody(what, Encoding.UTF8.GetBytes(text), IsUnreadable: true);

        yield return new BadBody("an empty object", "{}"u8.ToArray(), IsUnreadable: false);
        yield return new BadBody("a long number", Encoding.UTF8.GetBytes("{\"a\":" + new string('9', 100_000) + "}"), IsUnreadable: false);
        yield return new BadBody("NUL bytes", new byte[100], IsUnreadable: true);
        yield return new BadBody("invalid UTF-8", [(byte)'{', (byte)'"', 0xff, 0xfe, (byte)'"', (byte)':', (byte)'1', (byte)'}'], IsUnreadable: false);
        yield return new BadBody("over the limit", Encoding.UTF8.GetBytes("{\"a\":\"" + new string('a', OverTheLimit) + "\"}"), IsUnreadable: true);

        yield return new BadBody("fitting, called text", fitting, IsUnreadable: true, "text/plain");
        yield return new BadBody("fitting, called a form", fitting, IsUnreadable: true, "application/x-www-form-urlencoded");
        yield return new BadBody("fitting, called XML", fitting, IsUnreadable: true, "application/xml");
        yield return new BadBody("fitting, called garbage", fitting, IsUnreadable: true, ";;;=,");
        yield return new BadBody("a form without a boundary", fitting, IsUnreadable: true, "multipart/form-data");
        yield return new BadBody("a form with a long boundary", fitting, IsUnreadable: true, "multipart/form-data; boundary=" + new string('b', 5_000));
        yield return new BadBody("fitting, in an unknown charset", fitting, IsUnreadable: true, "application/json; charset=garbage");
        yield return new BadBody("fitting, called UTF-16", [.. fitting, (byte)' '], IsUnreadable: true, "application/json; charset=utf-16");
        yield return new BadBody("UTF-16", Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(fitting)), IsUnreadable: true, "application/json");
        yield return new BadBody("garbage, called gzip", [0x1f, 0x8b, 1, 2, 3, 4], IsUnreadable: true, ContentEncoding: "gzip");
        yield return new BadBody("garbage, called br", [1, 2, 3, 4], IsUnreadable: true, ContentEncoding: "br");
    }

    /// <summary>A fitting body with one member made wrong, for every member down to the third level.</summary>
    public static IEnumerable<BadBody> ByMember(ApiOperation operation, Things things) => Members(operation, things, operation.Body!, [], depth: 0);

    static IEnumerable<BadBody> Members(ApiOperation operation, Things things, JsonObject schema, string[] above, int depth)
    {
        if (depth == 3) yield break;
        foreach (var (name, member) in operation.Properties(schema))
        {
            string[] path = [.. above, name];
            var type = ApiOperation.TypeOf(operation.Document, member);
            var where = string.Join('.', path);
            foreach (var (value, isWrong) in Values(type, operation.IsRequired(schema, name)))
            {
                var text = With(operation, things, path, value);
                yield return new BadBody($"{where} = {(value.Length > 30 ? $"{value[..20]}… ({value.Length})" : value)}", Encoding.UTF8.GetBytes(text), isWrong);
            }
            yield return new BadBody($"{where} twice", Encoding.UTF8.GetBytes(With(operation, things, path, $"1,\"{name}\":[]")), IsUnreadable: false);

            var inside = type switch
            {
                "object" => ApiOperation.Resolve(operation.Document, member),
                "array" => ApiOperation.Resolve(operation.Document, operation.ItemOf(member)),
                _ => null,
            };
            if (inside is null) continue;
            if (type == "array")
            {
                yield return new BadBody($"{where} of null", Encoding.UTF8.GetBytes(With(operation, things, path, "[null]")), IsUnreadable: false);
                yield return new BadBody($"{where} of 100,000", Encoding.UTF8.GetBytes(With(operation, things, path, "[" + string.Join(',', Enumerable.Repeat("{}", 100_000)) + "]")), IsUnreadable: true);
                path = [.. above, name, "0"];
            }
            foreach (var bad in Members(operation, things, inside, path, depth + 1)) yield return bad;
        }
    }

    /// <summary>Written by hand: no writer makes them.</summary>
    static IEnumerable<(string Json, bool IsWrong)> Values(string type, bool isRequired)
    {
        yield return ("null", false);
        yield return (type is "object" ? "[]" : "{}", true);
        yield return (type is "array" ? "{}" : "[]", true);
        yield return (type is "boolean" ? "\"yes\"" : "true", true);
        yield return ("\"a\\u0000b\"", true);
        yield return ("\"\\ud800\"", true);
        yield return ("\"" + new string('a', 100_001) + "\"", true);
        yield return ("1e400", true);
        yield return ("NaN", true);
        yield return ("\"\"", type is not "string");
        yield return ("-1", type is not ("integer" or "number"));
        yield return ("\"\ud83d\udc36\"", type is not "string");
        yield return ("\"NaN\"", type is not "string");
        yield return ("\"0001-01-01T00:00:00+14:00\"", type is not "string");
        yield return ("\"9999-12-31T23:59:59.9999999-14:00\"", type is not "string");
        yield return ("\"0001-01-01T00:00:00Z\"", type is not "string");
        if (type is not ("integer" or "number")) yield break;
        yield return ("99999999999999999999999999999999999999", true);
        yield return ("0.12345678901234567890123456789012345678901234567890", true);
        yield return ("-0", false);
        yield return ("1.0", false);
        yield return ("1e2", false);
        yield return ("2147483648", false);
        yield return ("9223372036854775808", type is "integer");
    }

    static string With(ApiOperation operation, Things things, string[] path, string json)
    {
        const string mark = "\"the value goes here\"";
        var body = things.Fitting(operation, operation.Body!);
        var holder = path[..^1].Aggregate(body, (node, step) => node is JsonArray array ? array[int.Parse(step)]! : node[step] ??= new JsonObject());
        if (holder is JsonObject members) members[path[^1]] = mark.Trim('"');
        return body.ToJsonString().Replace(mark, json, StringComparison.Ordinal);
    }
}
