using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Stripe.Tests.Description;

/// <summary>Makes answers from schemas: every property is there.</summary>
public static class Example
{
    const int Deep = 7;

    /// <param name="expand">How many levels of fields that may be ids are objects instead.</param>
    public static JsonNode? Of(ApiDescription description, YamlMappingNode schema, int expand, int depth = 0)
    {
        schema = description.Resolve(schema);
        if (schema.List("anyOf") is { } any)
        {
            var alternatives = any.Select(description.Resolve).ToList();
            var isId = alternatives.Exists(alternative => alternative.Text("type") == "string");
            var chosen = alternatives.Find(alternative => isId && expand == 0 ? alternative.Text("type") == "string" : alternative.Text("type") != "string") ?? alternatives[0];
            return Of(description, chosen, Math.Max(0, expand - 1), depth);
        }
        switch (schema.Text("type"))
        {
            case "string": return schema.Words("enum")?[0] ?? (schema.Text("format") == "decimal" ? "12.5" : "text");
            case "integer": return schema.Text("format") == "unix-time" ? 1692144000 : 7;
            case "number": return 1.5m;
            case "boolean": return true;
            case "array": return depth > Deep ? new JsonArray() : new JsonArray(Of(description, schema.Map("items")!, expand, depth + 1));
        }
        if (schema.Map("additionalProperties") is { } values) return new JsonObject { ["key"] = Of(description, values, expand, depth + 1) };
        var example = new JsonObject();
        foreach (var (name, property) in schema.Map("properties")?.Children.Select(child => (child.Key.ToString(), (YamlMappingNode)child.Value)) ?? [])
        {
            // Objects go on for ever; far inside, what may be null is.
            if (depth > Deep && property.Text("nullable") == "true") example[name] = null;
            else if (depth > Deep + 3 && description.Resolve(property).Text("type") is null or "object") continue;
            else example[name] = Of(description, property, expand, depth + 1);
        }
        return example;
    }
}
