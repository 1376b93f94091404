using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;
using Rosa.Testing;

namespace Rosa.Host.Tests.Api;

/// <summary>Every endpoint of every service says who may call it, and <c>docs/access.md</c> is the list that a reviewer reads.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task Every_endpoint_of_every_service_has_a_rule_who_may_call_it()
    {
        var without = new List<string>();
        foreach (var service in Services.All)
            without.AddRange((await EndpointsAsync(service)).Where(endpoint => AccessRules.AccessOf(endpoint) is null).Select(endpoint => $"{service.Name}: {MethodOf(endpoint)} {PathOf(endpoint)}"));
        Assert.True(without.Count == 0, $"Without .For(Access.…), and so closed to all:\n{string.Join('\n', without)}");
    }

    /// <summary>After a change that is meant: <c>ROSA_RENEW=access ./rosa test Host</c>, and look at the diff.</summary>
    [Fact]
    public async Task The_list_of_who_may_call_what_is_the_one_in_the_documents()
    {
        var path = Path.Combine(NodeFolder.Repository, "docs", "access.md");
        var list = await ListAsync();
        if (Environment.GetEnvironmentVariable("ROSA_RENEW") == "access") await File.WriteAllTextAsync(path, list);
        var written = File.Exists(path) ? await File.ReadAllLinesAsync(path) : [];
        var present = list.TrimEnd('\n').Split('\n');
        Assert.True(written.SequenceEqual(present),
            $"docs/access.md is not what the services say. Is this meant? Then write it with ROSA_RENEW=access ./rosa test Host, and commit it.\n" +
            $"{string.Join('\n', present.Except(written).Select(line => "+ " + line).Concat(written.Except(present).Select(line => "- " + line)))}");
    }

    static async Task<string> ListAsync()
    {
        var list = new StringBuilder(
            """
            # Who may call what

            Every endpoint of every service, as the code says (`.For(Access.…)`). A test compares this list with the services; `ROSA_RENEW=access ./rosa test Host` writes it anew.
            What the gateway passes on is open there: the service behind it decides. `anyone`: with or without a token; `signed in`: any person; `employee`: employees and admins; `service`: other services of the shop.

            """.ReplaceLineEndings("\n"));
        foreach (var service in Services.All)
        {
            list.Append($"\n## {service.Name}\n\n| method | path | who |\n| --- | --- | --- |\n");
            foreach (var endpoint in (await EndpointsAsync(service)).OrderBy(PathOf, StringComparer.Ordinal).ThenBy(MethodOf, StringComparer.Ordinal))
                list.Append($"| {MethodOf(endpoint)} | `{PathOf(endpoint)}` | {WordOf(AccessRules.AccessOf(endpoint))} |\n");
        }
        return list.ToString();
    }

    /// <summary>Built as it would run, and not started: no database is asked.</summary>
    static async Task<IReadOnlyList<RouteEndpoint>> EndpointsAsync(Service service)
    {
        await using var app = ServiceProcess.Build(service, [new("Database:ConnectionString", "Host=127.0.0.1"), new("Services:users:Http", "http://127.0.0.1:1")], args: []);
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];
    }

    static string MethodOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? string.Join(", ", methods) : "any";

    static string PathOf(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    static string WordOf(Access? access) => access switch
    {
        Access.Anyone => "anyone",
        Access.SignedIn => "signed in",
        Access.Employee => "employee",
        Access.Admin => "admin",
        Access.Service => "service",
        Access.ServiceOrEmployee => "service, employee",
        _ => "nobody",
    };
}
