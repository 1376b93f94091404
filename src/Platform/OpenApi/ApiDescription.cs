using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Rosa.Platform.OpenApi;

/// <summary><c>/openapi/v1.json</c> of a service, made from its endpoints; what can be derived from them is said here and not at each route.</summary>
public static class ApiDescription
{
    /// <summary>The name of the schema of every refusal, and of the scheme of tokens.</summary>
    internal const string Problem = "Problem", Bearer = "bearer";

    public static void AddApiDescription(this IServiceCollection services, string service) => services.AddOpenApi("v1", options =>
    {
        options.AddSchemaTransformer(DescribedSchemas.CompleteAsync);
        options.AddOperationTransformer(DescribedOperations.CompleteAsync);
        options.AddDocumentTransformer((document, _, _) =>
        {
            Complete(document, service);
            return Task.CompletedTask;
        });
    });

    static void Complete(OpenApiDocument document, string service)
    {
        document.Info = new OpenApiInfo
        {
            Title = $"Rosa {service}",
            Version = "1",
            Description = "Refusals are problem details (RFC 9457) with a stable `code`.",
            License = new OpenApiLicense { Name = "Apache 2.0", Identifier = "Apache-2.0" },
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        var components = document.Components ??= new OpenApiComponents();
        components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The token of POST /api/users/login, good for 15 minutes.",
        };
        components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        components.Schemas[Problem] = ProblemSchema();
        // Every refusal has the one schema; what the framework made of its own types is not referred to any more.
        components.Schemas.Remove("ProblemDetails");
        components.Schemas.Remove("HttpValidationProblemDetails");
    }

    static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Why the request was refused (RFC 9457). Some codes come with members of their own, such as `items` of INSUFFICIENT_STOCK.",
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("What kind of problem it is; `about:blank` where the status says it."),
            ["title"] = Text("The status in words."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            ["detail"] = Text("A sentence for a person: what is wrong and what to do."),
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[A-Z][A-Z0-9_]+$", Description = "Stable; what a program goes by." },
            ["traceId"] = Text("Finds the request in logs and traces."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "With VALIDATION_FAILED: what is wrong, by field.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
            ["retryAfterSeconds"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "When to come again; also in `Retry-After`." },
        },
        Required = new HashSet<string> { "type", "title", "status", "code", "traceId" },
        Examples =
        [
            JsonNode.Parse(
                """
                {"type":"about:blank","title":"Refused","status":422,"detail":"There is not enough of a product.","code":"INSUFFICIENT_STOCK","traceId":"4bf92f3577b34da6a3ce929d0e0e4736"}
                """)!,
        ],
    };

    static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
