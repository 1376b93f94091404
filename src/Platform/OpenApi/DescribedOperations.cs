using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Platform.OpenApi;

/// <summary>
/// What an endpoint's metadata says of its description: who may call it and what they are told if they may not, which refusals its body and its parameters
/// bring with them, what each refusal means, and examples.
/// </summary>
static class DescribedOperations
{
    public static Task CompleteAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var access = AccessRules.AccessOf(metadata);
        var document = context.Document;
        operation.Responses ??= [];
        Secure(operation, access, document);
        AddRefusals(operation, access);
        DescribeRefusals(operation, document);
        BoundPages(operation);
        foreach (var example in metadata.OfType<Example>()) example.ShowIn(operation);
        return Task.CompletedTask;
    }

    /// <summary>What is open to all takes a token too: the answer may know its caller.</summary>
    static void Secure(OpenApiOperation operation, Access? access, OpenApiDocument? document)
    {
        var bearer = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiDescription.Bearer, document)] = [] };
        operation.Security = access == Access.Anyone ? [new OpenApiSecurityRequirement(), bearer] : [bearer];
        var who = access switch
        {
            Access.Anyone => null,
            Access.SignedIn => "For who is signed in.",
            Access.Employee => "For employees.",
            Access.Admin => "For admins.",
            Access.ServiceOrEmployee => "For employees and for services of the shop.",
            _ => "For services of the shop.",
        };
        if (who is not null) operation.Description = operation.Description is { Length: > 0 } said ? $"{said} {who}" : who;
    }

    static void AddRefusals(OpenApiOperation operation, Access? access)
    {
        if (access != Access.Anyone) Add(401);
        if (access is not (Access.Anyone or Access.SignedIn)) Add(403);
        if (operation.RequestBody is not null || operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Query) == true) Add(400);
        if (operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Path) == true) Add(404);
        if (operation.RequestBody is null) return;
        Add(413);
        Add(415);

        void Add(int status) => operation.Responses!.TryAdd($"{status}", new OpenApiResponse());
    }

    /// <summary>The bounds that every list of the shop has: a page beyond them is refused with 400.</summary>
    static void BoundPages(OpenApiOperation operation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (parameter is not { In: ParameterLocation.Query, Name: "page" or "limit", Schema: OpenApiSchema schema }) continue;
            schema.Minimum ??= "1";
            schema.Maximum ??= parameter.Name == "limit" ? "100" : "100000";
        }
    }

    static void DescribeRefusals(OpenApiOperation operation, OpenApiDocument? document)
    {
        foreach (var (status, response) in operation.Responses!)
        {
            if (!int.TryParse(status, out var code) || response is not OpenApiResponse described) continue;
            if (code < 400)
            {
                described.Description = code switch { 201 => "Made.", 202 => "Taken; it is done soon.", 204 => "Done.", _ => "The answer." };
                continue;
            }
            described.Description = ProblemTitles.For(code) + ".";
            described.Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(ApiDescription.Problem, document) } };
            if (code is 429 or 503) described.Headers = new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = new OpenApiHeader { Description = "Seconds.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } } };
        }
    }
}
