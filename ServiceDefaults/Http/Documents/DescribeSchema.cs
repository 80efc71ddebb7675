using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Infrastructure;
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
            if (type == typeof(string) && (property.Name == "Email" || Of<EmailAddressAttribute>(context) is not null)) schema.Format ??= "email";
        }
        if (Of<WebAddressAttribute>(context) is not null) schema.Format ??= "uri";
        if (Of<OneOfAttribute>(context) is { } oneOf) schema.Enum ??= [.. oneOf.Values.OfType<string>().Select(value => JsonValue.Create(value))];
        if (type.Namespace?.StartsWith("Empire", StringComparison.Ordinal) is true)
        {
            schema.Description ??= docstrings.Of(type);
            if (ExampleOf(type) is { } example) schema.Examples ??= [example];
        }
        return Task.CompletedTask;
    }

    /// <summary>Its own; of a page, the page of one row.</summary>
    private JsonNode? ExampleOf(Type type)
    {
        if (docstrings.ExampleOf(type) is { } own) return JsonNode.Parse(own);
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Page<>) && docstrings.ExampleOf(type.GetGenericArguments()[0]) is { } row
            ? new JsonObject { ["data"] = new JsonArray(JsonNode.Parse(row)), ["next_cursor"] = null } : null;
    }

    /// <summary>A record's attributes stand at its property or at the parameter that fills it; those of the query at a parameter alone.</summary>
    private static T? Of<T>(OpenApiSchemaTransformerContext context) where T : Attribute =>
        new[]
        {
            context.JsonPropertyInfo?.AttributeProvider, context.JsonPropertyInfo?.AssociatedParameter?.AttributeProvider,
            context.JsonPropertyInfo is null ? (context.ParameterDescription?.ParameterDescriptor as IParameterInfoParameterDescriptor)?.ParameterInfo : null,
        }
        .Select(place => place?.GetCustomAttributes(typeof(T), inherit: true).OfType<T>().FirstOrDefault()).FirstOrDefault(found => found is not null);
}
