using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Rosa.Platform.OpenApi;

/// <summary>
/// What the framework does not find out about a type: that a text is one although it has a converter of ours, what the attributes of a record's
/// parameters say, and that a member that may be null may be left out.
/// </summary>
static class DescribedSchemas
{
    public static Task CompleteAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type == typeof(string) && schema.Type is null) schema.Type = JsonSchemaType.String | (MayBeNull(context.JsonPropertyInfo) ? JsonSchemaType.Null : 0);
        if (context.JsonTypeInfo is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } && element == typeof(string) && schema.Items is null) schema.Items = new OpenApiSchema { Type = JsonSchemaType.String };
        if (context.JsonTypeInfo is { Kind: JsonTypeInfoKind.Dictionary } && schema.AdditionalProperties is OpenApiSchema { Type: null } text && context.JsonTypeInfo.ElementType == typeof(string)) text.Type = JsonSchemaType.String;
        if (schema.AdditionalProperties is OpenApiSchema { Type: JsonSchemaType.Array, Items: null } texts) texts.Items = new OpenApiSchema { Type = JsonSchemaType.String };
        if (context.JsonPropertyInfo is { } property) Apply(AttributesOf(property), schema);
        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object) CompleteRequired(schema, context.JsonTypeInfo);
        return Task.CompletedTask;
    }

    static void CompleteRequired(OpenApiSchema schema, JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (schema.Properties?.ContainsKey(property.Name) != true) continue;
            schema.Required ??= new HashSet<string>();
            if (IsRequired(property)) schema.Required.Add(property.Name);
            else if (MayBeNull(property) || property.AssociatedParameter?.HasDefaultValue == true) schema.Required.Remove(property.Name);
        }
        if (schema.Required?.Count == 0) schema.Required = null;
    }

    static void Apply(IEnumerable<Attribute> attributes, OpenApiSchema schema)
    {
        foreach (var attribute in attributes)
        {
            switch (attribute)
            {
                case RequiredAttribute: schema.Type &= ~JsonSchemaType.Null; break;
                case StringLengthAttribute length: (schema.MinLength, schema.MaxLength) = (length.MinimumLength, length.MaximumLength); break;
                case LengthAttribute length: (schema.MinItems, schema.MaxItems) = (length.MinimumLength, length.MaximumLength); break;
                case MaxLengthAttribute most when schema.Type?.HasFlag(JsonSchemaType.Array) == true: schema.MaxItems = most.Length; break;
                case MaxLengthAttribute most: schema.MaxLength = most.Length; break;
                case MinLengthAttribute least when schema.Type?.HasFlag(JsonSchemaType.Array) == true: schema.MinItems = least.Length; break;
                case MinLengthAttribute least: schema.MinLength = least.Length; break;
                case RangeAttribute range: (schema.Minimum, schema.Maximum) = (Plain(range.Minimum), Plain(range.Maximum)); break;
                case RegularExpressionAttribute form: schema.Pattern = form.Pattern; break;
            }
        }
    }

    static string? Plain(object bound) => Convert.ToString(bound, System.Globalization.CultureInfo.InvariantCulture);

    static bool IsRequired(JsonPropertyInfo property) => AttributesOf(property).Any(attribute => attribute is RequiredAttribute);

    static bool MayBeNull(JsonPropertyInfo? property) => property is not null && property.IsGetNullable && !IsRequired(property);

    /// <summary>Of the property, and of the parameter of the record that it stands for.</summary>
    static IEnumerable<Attribute> AttributesOf(JsonPropertyInfo property) =>
        Of(property.AttributeProvider).Concat(Of(property.AssociatedParameter?.AttributeProvider));

    static IEnumerable<Attribute> Of(ICustomAttributeProvider? holder) => holder?.GetCustomAttributes(inherit: true).OfType<Attribute>() ?? [];
}
