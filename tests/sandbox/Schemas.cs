using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Empire.Sandbox.Tests;

/// <summary>Checks JSON against a provider's own API description, where EMPIRE_SPECS names the folder that holds it.</summary>
public sealed class Schemas
{
    readonly JsonObject root;

    Schemas(JsonObject root) => this.root = root;

    /// <returns>Null, with a line on the console, when the descriptions are not on this machine.</returns>
    public static Schemas? Load(string file)
    {
        if (Environment.GetEnvironmentVariable("EMPIRE_SPECS") is not { Length: > 0 } folder || !File.Exists(Path.Combine(folder, file)))
        {
            Console.WriteLine($"left out: EMPIRE_SPECS does not hold {file}");
            return null;
        }
        using var reader = new StreamReader(Path.Combine(folder, file));
        if (file.EndsWith(".json", StringComparison.Ordinal)) return new(JsonNode.Parse(reader.ReadToEnd())!.AsObject());
        var yaml = new YamlStream(); // the reader refuses blank lines that are indented deeper than the text they open
        yaml.Load(new StringReader(string.Join('\n', reader.ReadToEnd().Split('\n').Select(line => line.TrimEnd()))));
        return new(ToJson(yaml.Documents[0].RootNode)!.AsObject());
    }

    /// <returns>Every place where the value breaks the schema; empty when it conforms.</returns>
    public IReadOnlyList<string> Faults(string schema, JsonNode? value)
    {
        var faults = new List<string>();
        Check(root["components"]!["schemas"]![schema] ?? throw new KeyNotFoundException($"There is no schema {schema}."), value, "$", faults);
        return faults;
    }

    /// <summary>Parameters, in dotted form, that the description does not know or requires otherwise.</summary>
    public IEnumerable<string> ParameterFaults(string method, string path, IEnumerable<(string Path, bool Required)> parameters)
    {
        if (Operation(path)?[method.ToLowerInvariant()] is not { } operation) return [$"{method} {path} is not described"];
        var known = new Dictionary<string, bool>();
        foreach (var query in operation["parameters"]?.AsArray().Where(p => p!["in"]!.ToString() == "query") ?? [])
            Collect(query!["schema"]!, query["name"]!.ToString(), query["required"]?.ToString() == "true", known);
        foreach (var (_, content) in operation["requestBody"]?["content"]?.AsObject() ?? []) CollectProperties(content!["schema"]!, "", known);
        return parameters.Where(p => !known.ContainsKey(p.Path)).Select(p => $"{method} {path}: {p.Path} is unknown")
            .Concat(parameters.Where(p => known.TryGetValue(p.Path, out var required) && required && !p.Required).Select(p => $"{method} {path}: {p.Path} is required"));
    }

    /// <summary>Names of placeholders differ: /customers/{id} is /customers/{customer}.</summary>
    JsonNode? Operation(string path) => root["paths"]!.AsObject().FirstOrDefault(p => Anonymous(p.Key) == Anonymous(path)).Value;

    static string Anonymous(string path) => System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]*\}", "{}");

    static void Collect(JsonNode schema, string name, bool required, Dictionary<string, bool> known)
    {
        known[name] = known.GetValueOrDefault(name) || required;
        foreach (var option in schema["anyOf"]?.AsArray() ?? []) Collect(option!, name, required: false, known);
        if (schema["items"] is { } items) Collect(items, name + "[]", required: false, known);
        CollectProperties(schema, name + ".", known);
    }

    static void CollectProperties(JsonNode schema, string prefix, Dictionary<string, bool> known)
    {
        var required = schema["required"]?.AsArray().Select(r => r!.ToString()).ToHashSet() ?? [];
        foreach (var (name, inner) in schema["properties"]?.AsObject() ?? []) Collect(inner!, prefix + name, required.Contains(name), known);
    }

    void Check(JsonNode schemaNode, JsonNode? value, string at, List<string> faults)
    {
        var schema = schemaNode.AsObject();
        if (schema["$ref"]?.GetValue<string>() is { } reference)
        {
            Check(Resolve(reference), value, at, faults);
            return;
        }
        if (value is null && (schema["nullable"]?.ToString() == "true" || AllowsNull(schema))) return;
        foreach (var part in schema["allOf"]?.AsArray() ?? []) Check(part!, value, at, faults);
        if ((schema["anyOf"] ?? schema["oneOf"])?.AsArray() is { } options && !options.Any(o => Conforms(o!, value))) faults.Add($"{at} fits none of the alternatives");
        if (schema["type"] is JsonValue type && !HasType(type.ToString(), value)) faults.Add($"{at} is not {type}");
        if (schema["enum"]?.AsArray() is { } allowed && !allowed.Any(a => a?.ToString() == value?.ToString())) faults.Add($"{at} is none of the allowed values: {value}");
        if (schema["pattern"]?.ToString() is { } pattern && value is JsonValue text && !System.Text.RegularExpressions.Regex.IsMatch(text.ToString(), pattern)) faults.Add($"{at} does not match {pattern}");
        if (value is JsonObject item)
        {
            foreach (var required in schema["required"]?.AsArray() ?? [])
                if (!item.ContainsKey(required!.ToString())) faults.Add($"{at}.{required} is missing");
            foreach (var (name, inner) in schema["properties"]?.AsObject() ?? [])
                if (item.TryGetPropertyValue(name, out var child)) Check(inner!, child, $"{at}.{name}", faults);
        }
        if (value is JsonArray list && schema["items"] is { } items)
            for (var i = 0; i < list.Count; i++) Check(items, list[i], $"{at}[{i}]", faults);
    }

    bool Conforms(JsonNode schema, JsonNode? value)
    {
        var faults = new List<string>();
        Check(schema, value, "$", faults);
        return faults.Count == 0;
    }

    static bool AllowsNull(JsonObject schema) => schema["type"] switch
    {
        JsonArray types => types.Any(t => t!.ToString() == "null"),
        JsonValue type => type.ToString() == "null",
        _ => false,
    };

    static bool HasType(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && !value.ToString().Contains('.', StringComparison.Ordinal),
        "number" => value?.GetValueKind() == JsonValueKind.Number,
        _ => true,
    };

    JsonNode Resolve(string reference) => reference.TrimStart('#', '/').Split('/').Aggregate((JsonNode)root, (node, name) => node[name] ?? throw new KeyNotFoundException($"{reference} leads nowhere."));

    static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, ToJson(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(ToJson)]),
        YamlScalarNode { Value: var text, Style: YamlDotNet.Core.ScalarStyle.Plain } when text is "null" or "" => null,
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };
}
