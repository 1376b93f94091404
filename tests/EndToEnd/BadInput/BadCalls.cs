using System.Text;
using System.Text.Json.Nodes;

namespace Rosa.EndToEnd.Tests.BadInput;

/// <summary>Everything that can be wrong with a call of an operation, always the same and in the same order.</summary>
public sealed class BadCalls(Things things, string employeeToken)
{
    static readonly string[] badIds = ["x", "0", "-1", "00000000-0000-0000-0000-000000000000", "%00", "a%00b", "%ff%fe", "%ed%a0%80", "..%2f..%2fetc%2fpasswd", "'%20or%201=1--", "%F0%9F%90%B6", new('a', 3_000)];

    static readonly string[] badValues = ["x", "-1", "0", "99999999999999999999999999", "1e400", "NaN", "true", "", "%00", "a%00b", "%ff%fe", "%ed%a0%80", "%F0%9F%90%B6", "'%20or%201=1--", "%5Bobject%5D", "0.123456789012345678901234567890", "101"];

    static readonly string longText = new('a', 10_000);

    static readonly (string Name, string Value)[] badHeaders =
    [
        ("Accept-Language", "\u00ff;q=x,,;;=,*-*-*"), ("Accept-Language", longText), ("If-Match", "garbage"), ("If-Match", "\"" + longText + "\""), ("If-None-Match", "W/W/\"\",,,\u00e9"), ("If-None-Match", longText),
        ("Idempotency-Key", longText), ("Idempotency-Key", "\u00e9\u00ff"), ("Idempotency-Key", " "), ("X-Correlation-Id", "a%0d%0aSet-Cookie: b"), ("X-Correlation-Id", longText), ("X-Correlation-Id", "\u0085\u00ff"),
        ("X-Forwarded-For", "garbage,,1.2.3,::::"), ("X-Forwarded-For", longText), ("X-Service-Token", "Bearer garbage"), ("Cookie", "cart=garbage; rosa_cart=\u00ff; ;;="), ("Accept", "*/*;q=x, garbage"), ("Accept-Encoding", "br;q=x, garbage;;"),
        ("Range", "bytes=9-1,-,x"), ("traceparent", "00-zz-zz-zz"), ("baggage", longText), ("If-Modified-Since", "yesterday"), ("Content-Language", longText), ("Prefer", longText),
    ];

    static readonly string[] otherMethods = ["BREW", "TRACE", "PROPFIND", "PATCH", "OPTIONS"];

    public IEnumerable<BadCall> Of(ApiOperation operation) =>
        Tokens(operation).Concat(Ids(operation)).Concat(Queries(operation)).Concat(Headers(operation)).Concat(Methods(operation)).Concat(Bodies(operation));

    IEnumerable<BadCall> Tokens(ApiOperation operation)
    {
        var call = Good(operation);
        yield return call with { What = "no token", Token = null };
        foreach (var garbage in (string[])["x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "\u00e9\u00ff", longText]) yield return call with { What = $"token {Short(garbage)}", Token = garbage };
        yield return call with { What = "expired token", Token = things.ExpiredToken };
    }

    IEnumerable<BadCall> Ids(ApiOperation operation)
    {
        foreach (var parameter in operation.InPath)
        {
            foreach (var bad in badIds)
                foreach (var (who, token) in Callers())
                    yield return Good(operation) with { What = $"{who}, {parameter.Name} {Short(bad)}", Token = token, PathAndQuery = PathOf(operation, parameter.Name, bad), MustRefuse = bad.Contains('%', StringComparison.Ordinal) };
            var others = parameter.Name switch { "userId" => things.OtherId, "orderId" => things.OthersOrderId, _ => Guid.CreateVersion7() };
            var isOpen = operation.Id is "GetPublicProfile" or "FollowUser" or "UnfollowUser" or "ListFollowers" or "ListFollowing" || operation.Path.EndsWith("/related", StringComparison.Ordinal);
            yield return Good(operation) with { What = $"customer, {parameter.Name} of another", PathAndQuery = PathOf(operation, parameter.Name, $"{others}"), MustRefuse = parameter.Name is "userId" or "orderId" && !isOpen };
        }
    }

    IEnumerable<BadCall> Queries(ApiOperation operation)
    {
        foreach (var (who, token) in Callers())
        {
            var call = Good(operation) with { Token = token };
            foreach (var parameter in operation.InQuery)
            {
                foreach (var bad in badValues)
                    yield return call with { What = $"{who}, {parameter.Name}={bad}", PathAndQuery = $"{call.PathAndQuery}?{parameter.Name}={bad}", MustRefuse = IsWrong(parameter, bad) };
                yield return call with { What = $"{who}, {parameter.Name} of 10 kB", PathAndQuery = $"{call.PathAndQuery}?{parameter.Name}={longText}", MustRefuse = true };
                yield return call with { What = $"{who}, {parameter.Name} twice", PathAndQuery = $"{call.PathAndQuery}?{parameter.Name}=1&{parameter.Name}=2" };
            }
            yield return call with { What = $"{who}, unknown parameter", PathAndQuery = $"{call.PathAndQuery}?{longText}=%ff&=&&&%F0%9F%90%B6" };
            yield return call with { What = $"{who}, unknown parameter with NUL", PathAndQuery = $"{call.PathAndQuery}?x=%00", MustRefuse = true };
        }
    }

    static bool IsWrong(ApiParameter parameter, string value) => value.Contains("%00", StringComparison.Ordinal) || parameter.Type switch
    {
        "integer" when value is "0" or "-1" => parameter.Name is "page" or "limit",
        "integer" => value is not ("" or "101") || (value == "101" && parameter.Name == "limit"),
        "number" => value is "x" or "-1" or "99999999999999999999999999" or "1e400" or "NaN" or "%ff%fe" or "0.123456789012345678901234567890",
        "boolean" => value is not ("true" or ""),
        _ => false,
    };

    IEnumerable<BadCall> Headers(ApiOperation operation)
    {
        foreach (var (name, value) in badHeaders)
        {
            var call = Good(operation) with { What = $"{name}: {Short(value)}", Header = (name, value) };
            yield return operation.TakesJson ? call with { Body = "[]"u8.ToArray(), ContentType = "application/json" } : call;
            yield return operation.TakesJson ? call with { Body = Fitting(operation), ContentType = "application/json", Token = null } : call with { Token = employeeToken };
        }
        // A fitting body with a key that is none.
        if (operation.Id == "PlaceOrder") yield return Good(operation) with { What = "Idempotency-Key of 10 kB", Header = ("Idempotency-Key", longText), Body = Fitting(operation), ContentType = "application/json", MustRefuse = true };
    }

    IEnumerable<BadCall> Methods(ApiOperation operation) =>
        otherMethods.Select(method => Good(operation) with { What = "method", Method = HttpMethod.Parse(method), Body = null });

    IEnumerable<BadCall> Bodies(ApiOperation operation)
    {
        if (operation.MediaType is null) yield break;
        var fitting = operation.TakesJson ? Fitting(operation) : [];
        foreach (var (who, token) in Callers())
        {
            var call = Good(operation) with { Token = token, ContentType = operation.MediaType };
            yield return call with { What = $"{who}, no body", Body = null, MustRefuse = operation.TakesJson };
            foreach (var body in BadBodies.Whole(fitting))
                yield return call with { What = $"{who}, {body.What}", Body = body.Bytes, ContentType = body.ContentType ?? operation.MediaType, ContentEncoding = body.ContentEncoding, MustRefuse = operation.TakesJson && body.IsUnreadable };
            if (!operation.TakesJson) continue;
            foreach (var body in BadBodies.ByMember(operation, things))
                yield return call with { What = $"{who}, {body.What}", Body = body.Bytes, MustRefuse = body.IsUnreadable };
            var unknown = JsonNode.Parse(fitting)!;
            if (unknown is JsonObject members) members["unknownMember"] = new JsonObject { ["deep"] = new JsonArray(1, "2", null) };
            yield return call with { What = $"{who}, {UnknownMember}", Body = Encoding.UTF8.GetBytes(unknown.ToJsonString()) };
        }
    }

    /// <summary>The one case of a body that must be taken: unknown members are ignored.</summary>
    public const string UnknownMember = "unknown member";

    byte[] Fitting(ApiOperation operation) => Encoding.UTF8.GetBytes(things.Fitting(operation, operation.Body!).ToJsonString());

    /// <summary>A call by the customer with nothing wrong yet. What would be deleted does not exist.</summary>
    BadCall Good(ApiOperation operation) => new(operation, "", operation.Method, PathOf(operation), MustRefuse: false) { Token = things.CustomerToken };

    IEnumerable<(string Who, string Token)> Callers() => [("customer", things.CustomerToken), ("employee", employeeToken)];

    string PathOf(ApiOperation operation, string? parameter = null, string? value = null) => operation.InPath.Aggregate(operation.Path, (path, each) =>
        path.Replace("{" + each.Name + "}", each.Name == parameter ? value : operation.Method == HttpMethod.Delete ? $"{Guid.CreateVersion7()}" : things.ForPath(each.Name), StringComparison.Ordinal));

    static string Short(string text) => text.Length > 40 ? $"{text[..10]}… ({text.Length})" : text;
}
