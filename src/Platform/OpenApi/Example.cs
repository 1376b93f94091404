using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.OpenApi;

namespace Rosa.Platform.OpenApi;

/// <summary>What a request or an answer of an endpoint looks like, as JSON.</summary>
sealed record Example(JsonNode? Request, JsonNode? Answer)
{
    const string Json = "application/json";

    public void ShowIn(OpenApiOperation operation)
    {
        if (Request is not null && operation.RequestBody?.Content?.TryGetValue(Json, out var asked) == true) asked.Example = Request.DeepClone();
        var good = operation.Responses?.Where(response => response.Key.StartsWith('2')).Select(response => response.Value).FirstOrDefault();
        if (Answer is not null && good?.Content?.TryGetValue(Json, out var answered) == true) answered.Example = Answer.DeepClone();
    }
}

public static class Examples
{
    static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Shows an example in the API's description; it is made of the types themselves, so that it stays true.</summary>
    public static TBuilder WithExample<TBuilder>(this TBuilder builder, object? request = null, object? answer = null) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new Example(JsonSerializer.SerializeToNode(request, json), JsonSerializer.SerializeToNode(answer, json)));
}
