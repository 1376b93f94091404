using Microsoft.AspNetCore.Builder;
using Microsoft.OpenApi;

namespace Rosa.Platform.Idempotency;

/// <summary>Tells clients of the header.</summary>
public static class IdempotencyEndpoints
{
    const string FirstAnswerAgain =
        "Chosen by the client, new for every new request. The same key with the same body returns the first answer, for 24 hours; with another body 422 IDEMPOTENCY_KEY_REUSED.";

    /// <summary>Puts <c>Idempotency-Key</c> into the OpenAPI document of a route that reads it with <see cref="IdempotencyKey.Read"/>.</summary>
    public static TBuilder TakesIdempotencyKey<TBuilder>(this TBuilder endpoint, bool required = false, string description = FirstAnswerAgain, int shortest = 1) where TBuilder : IEndpointConventionBuilder =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "Idempotency-Key",
                In = ParameterLocation.Header,
                Required = required,
                Description = description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = shortest, MaxLength = 128 },
            });
            return Task.CompletedTask;
        });
}
