using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Empire.Http.Documents;

/// <summary>Gives a schema the words and the example of its record, and says how types are written that have a form of their own.</summary>
internal sealed class DescribeSchema(Docstrings docstrings) : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(TenantId)) (schema.Type, schema.Pattern) = (JsonSchemaType.String, "^ten_");
        else if (type == typeof(Currency)) (schema.Type, schema.Pattern) = (JsonSchemaType.String, "^[A-Z]{3}$");
        if (context.JsonPropertyInfo?.AttributeProvider is PropertyInfo property)
        {
            schema.Description ??= docstrings.Of(property);
            if (type == typeof(string) && (property.Name == "Email" || property.IsDefined(typeof(EmailAddressAttribute)))) schema.Format ??= "email";
            if (property.IsDefined(typeof(WebAddressAttribute))) schema.Format ??= "uri";
        }
        if (type.Namespace?.StartsWith("Empire", StringComparison.Ordinal) is true)
        {
            schema.Description ??= docstrings.Of(type);
            if (docstrings.ExampleOf(type) is { } example) schema.Examples ??= [JsonNode.Parse(example)!];
        }
        return Task.CompletedTask;
    }
}
