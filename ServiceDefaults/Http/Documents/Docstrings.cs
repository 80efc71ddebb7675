using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Empire.Http.Documents;

/// <summary>What the docstrings of the code say, read from the XML files that the compiler leaves beside the assemblies. One that is missing leaves the document without words.</summary>
internal sealed partial class Docstrings
{
    private readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> files = new();

    /// <summary>The summary of the method, else of the type it is the handler of.</summary>
    public string? Of(MethodInfo method)
    {
        if (method.DeclaringType is not { } type) return null;
        var name = $"M:{NameOf(type)}.{method.Name}";
        var member = In(type.Assembly).FirstOrDefault(member => member.Key == name || member.Key.StartsWith(name + "(", StringComparison.Ordinal)).Value;
        return Text(member?.Element("summary")) ?? (type.Name.Contains('<', StringComparison.Ordinal) ? null : Of(type));
    }

    public string? Of(Type type) => Text(Member(type)?.Element("summary"));

    /// <summary>Of a property, or of the parameter of a positional record that it comes from.</summary>
    public string? Of(PropertyInfo property) =>
        property.DeclaringType is { } type
            ? Text(In(type.Assembly).GetValueOrDefault($"P:{NameOf(type)}.{property.Name}")?.Element("summary"))
                ?? Text(Member(type)?.Elements("param").FirstOrDefault(param => param.Attribute("name")?.Value == property.Name))
            : null;

    /// <summary>JSON in an <c>example</c> of the type's docstring.</summary>
    public string? ExampleOf(Type type) => Member(type)?.Element("example")?.Value.Trim();

    private XElement? Member(Type type) => In(type.Assembly).GetValueOrDefault($"T:{NameOf(type)}");

    private static string NameOf(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName?.Replace('+', '.') ?? type.Name;

    private Dictionary<string, XElement> In(Assembly assembly) => files.GetOrAdd(assembly, static assembly =>
    {
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        if (assembly.Location.Length == 0 || !File.Exists(file)) return [];
        return XDocument.Load(file).Descendants("member").Where(member => member.Attribute("name") is not null)
            .GroupBy(member => member.Attribute("name")!.Value, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
    });

    /// <summary>References become their last word, everything else its text.</summary>
    private static string? Text(XElement? element)
    {
        if (element is null) return null;
        var words = string.Concat(element.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" or "seealso" } see => see.Attribute("cref")?.Value.Split('.', ':')[^1].Split('(')[0] ?? see.Attribute("langword")?.Value ?? see.Value,
            XElement { Name.LocalName: "paramref" or "typeparamref" } reference => reference.Attribute("name")?.Value ?? "",
            XElement other => other.Value,
            _ => "",
        }));
        return Blanks().Replace(words, " ").Trim() is { Length: > 0 } found ? found : null;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
