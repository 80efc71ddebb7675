using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Stripe.Tests.Description;

/// <summary>Compares what a server received with the parameters of the operation.</summary>
public static class ParameterCheck
{
    /// <summary>The release takes a time here, the description only the word "now".</summary>
    static readonly (string Path, string Parameter)[] NotSaid = [("/v1/invoices/upcoming", "subscription_resume_at")];

    /// <summary>Empty where every field is described, at its place and of its kind.</summary>
    public static IEnumerable<string> Problems(ApiDescription description, Received request)
    {
        if (description.Find(request.Method, request.Path) is not { } operation)
        {
            yield return $"{request.Method} {request.Path} is not described";
            yield break;
        }
        foreach (var (name, value) in request.Fields)
        {
            var segments = name.Replace("]", "", StringComparison.Ordinal).Split('[');
            if (NotSaid.Contains((request.Path, segments[0]))) continue;
            // Every call of the release takes "expand"; the description leaves it out where nothing can be expanded.
            if (segments[0] == "expand" && operation.Parameter("expand") is null) continue;
            var places = Places(description, operation, segments);
            // The release shares classes inside options between the calls of a resource; what only some take is right where one does.
            if (places.Count == 0 && segments.Length > 1) places = [.. description.Siblings(request.Path).SelectMany(sibling => Places(description, sibling, segments))];
            if (places.Count == 0) yield return $"{request.Method} {request.Path}: {name} is not described";
            else if (!places.Exists(place => Takes(place, value))) yield return $"{request.Method} {request.Path}: {name} does not take {value}";
        }
    }

    static List<YamlMappingNode> Places(ApiDescription description, Operation operation, string[] segments)
    {
        var schemas = operation.Parameter(segments[0]) is { } schema ? description.Alternatives(schema) : [];
        foreach (var segment in segments.Skip(1)) schemas = schemas.SelectMany(at => Inside(description, at, segment));
        return [.. schemas];
    }

    static IEnumerable<YamlMappingNode> Inside(ApiDescription description, YamlMappingNode schema, string segment)
    {
        var inside = schema.Text("type") switch
        {
            "array" when int.TryParse(segment, out _) => schema.Map("items"),
            "object" => schema.Map("properties")?.Map(segment) ?? schema.Map("additionalProperties"),
            _ => null,
        };
        return inside is null ? [] : description.Alternatives(inside);
    }

    /// <summary>The values that <see cref="Filled"/> makes tell which kind of property they came from.</summary>
    static bool Takes(YamlMappingNode schema, string value)
    {
        var (type, format) = (schema.Text("type"), schema.Text("format"));
        return value switch
        {
            Filled.Text => type == "string" && format is null,
            Filled.WireFile => type == "string" && format == "binary",
            Filled.WireFlag => type == "boolean",
            Filled.WireDecimal => type == "number" || (type == "string" && format == "decimal"),
            Filled.WireTime => type == "integer" && format is null or "unix-time", // the bounds of a range have no format
            Filled.WireNumber => type == "integer" && format != "unix-time",
            _ => schema.Words("enum")?.Contains(value, StringComparer.Ordinal) == true || (type == "number" && decimal.TryParse(value, CultureInfo.InvariantCulture, out _)),
        };
    }
}
