using YamlDotNet.RepresentationModel;

namespace Stripe.Tests.Description;

/// <summary>Stripe's own description of API version 2023-08-16, where EMPIRE_SPECS names a folder that holds it.</summary>
public sealed class ApiDescription
{
    static readonly Lazy<ApiDescription?> Loaded = new(Load);
    readonly YamlMappingNode root;
    readonly List<(string[] Segments, YamlMappingNode Operations)> paths;

    ApiDescription(YamlMappingNode root)
    {
        this.root = root;
        // A word in a path counts before a parameter: /v1/invoices/upcoming is not /v1/invoices/{invoice}.
        paths = [.. root.Map("paths")!.Children.Select(path => (path.Key.ToString().Split('/'), (YamlMappingNode)path.Value)).OrderBy(path => path.Item1.Count(IsParameter))];
    }

    /// <summary>Skips the test where there is none.</summary>
    public static ApiDescription OrSkip()
    {
        Assert.SkipWhen(Loaded.Value is null, "EMPIRE_SPECS does not hold stripe/spec3.2023-09-12.yaml: Stripe's description was not compared.");
        return Loaded.Value;
    }

    public string Version => root.Map("info")!.Text("version")!;

    /// <summary>Null where the description has no such path or no such method on it.</summary>
    public Operation? Find(string method, string path)
    {
        var segments = path.Split('/');
        var found = paths.Find(candidate => candidate.Segments.Length == segments.Length
            && candidate.Segments.Zip(segments).All(pair => IsParameter(pair.First) || pair.First == pair.Second));
        return found.Operations?.Map(method.ToLowerInvariant()) is { } operation ? new(this, operation) : null;
    }

    /// <summary>All operations on the same resource: /v1/charges, /v1/charges/{charge}, /v1/charges/{charge}/capture.</summary>
    public IEnumerable<Operation> Siblings(string path) =>
        paths.Where(candidate => candidate.Segments.Take(3).SequenceEqual(path.Split('/').Take(3)))
            .SelectMany(candidate => candidate.Operations.Children.Values).Select(operation => new Operation(this, (YamlMappingNode)operation));

    /// <summary>What a reference points to, or the node itself.</summary>
    public YamlMappingNode Resolve(YamlMappingNode schema) =>
        schema.Text("$ref") is { } reference ? reference.Split('/').Skip(1).Aggregate(root, (at, part) => at.Map(part)!) : schema;

    /// <summary>The schema, or those of which any may hold, without references.</summary>
    public IEnumerable<YamlMappingNode> Alternatives(YamlMappingNode schema)
    {
        var resolved = Resolve(schema);
        return resolved.List("anyOf") is { } any ? any.SelectMany(Alternatives) : [resolved];
    }

    /// <summary>What is left of an object of that name after its deletion; null where it cannot be deleted.</summary>
    public YamlMappingNode? Deleted(string? name) => name is null ? null : root.Map("components")!.Map("schemas")!.Map($"deleted_{name}");

    static bool IsParameter(string segment) => segment.StartsWith('{');

    static ApiDescription? Load()
    {
        var file = Path.Combine(Environment.GetEnvironmentVariable("EMPIRE_SPECS") ?? "", "stripe", "spec3.2023-09-12.yaml");
        if (!System.IO.File.Exists(file)) return null;
        using var reader = new StreamReader(file);
        var yaml = new YamlStream();
        yaml.Load(reader);
        return new((YamlMappingNode)yaml.Documents[0].RootNode);
    }
}

/// <summary>One method on one path.</summary>
public sealed class Operation(ApiDescription description, YamlMappingNode node)
{
    /// <summary>The schema of the answer.</summary>
    public YamlMappingNode Answer => node.Map("responses")!.Map("200")!.Map("content")!.Map("application/json")!.Map("schema")!;

    /// <summary>The schema of a parameter of the address or of the form; null where there is none of that name.</summary>
    public YamlMappingNode? Parameter(string name) =>
        (node.Children.TryGetValue("parameters", out var parameters) ? ((YamlSequenceNode)parameters).Children.Cast<YamlMappingNode>() : [])
            .FirstOrDefault(parameter => parameter.Text("name") == name && parameter.Text("in") == "query")?.Map("schema")
        ?? node.Map("requestBody")?.Map("content")?.Children.Values.Cast<YamlMappingNode>()
            .Select(content => description.Resolve(content.Map("schema")!).Map("properties")?.Map(name)).FirstOrDefault(schema => schema is not null);
}

public static class YamlReading
{
    public static YamlMappingNode? Map(this YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? value as YamlMappingNode : null;

    public static string? Text(this YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? (value as YamlScalarNode)?.Value : null;

    public static IEnumerable<YamlMappingNode>? List(this YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? (value as YamlSequenceNode)?.Children.OfType<YamlMappingNode>() : null;

    public static IReadOnlyList<string>? Words(this YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? [.. ((YamlSequenceNode)value).Children.Select(child => ((YamlScalarNode)child).Value!)] : null;
}
