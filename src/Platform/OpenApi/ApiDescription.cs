using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;

namespace Rosa.Platform.OpenApi;

/// <summary><c>/openapi/v1.json</c> of a service, made from its endpoints; what can be derived from them is said here and not at each route.</summary>
public static class ApiDescription
{
    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddSchemaTransformer(DescribedSchemas.CompleteAsync);
    });
}
