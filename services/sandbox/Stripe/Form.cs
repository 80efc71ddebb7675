using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;

namespace Empire.Sandbox.Stripe;

/// <summary>Stripe's bracketed form: <c>items[0][price]=p</c> and <c>expand[]=charge</c> as a tree of objects whose leaves are texts.</summary>
public static class Form
{
    /// <exception cref="StripeException">A name whose brackets do not match, or one used both as a value and as a group.</exception>
    public static JsonObject Tree(IEnumerable<KeyValuePair<string, StringValues>> fields)
    {
        var root = new JsonObject();
        foreach (var (name, values) in fields)
            foreach (var value in values) Put(root, name, Segments(name), value ?? "");
        return root;
    }

    static void Put(JsonObject group, string name, string[] path, string value)
    {
        for (var i = 0; i < path.Length; i++)
        {
            var segment = path[i].Length > 0 ? path[i] : group.Count.ToString(CultureInfo.InvariantCulture); // "[]" appends
            if (i == path.Length - 1)
            {
                if (group[segment] is JsonObject) throw StripeException.Invalid($"Invalid parameter: {name} is both a value and a hash.", path[0]);
                group[segment] = value;
                return;
            }
            group[segment] ??= new JsonObject();
            group = group[segment] as JsonObject ?? throw StripeException.Invalid($"Invalid parameter: {name} is both a value and a hash.", path[0]);
        }
    }

    static string[] Segments(string name)
    {
        var open = name.IndexOf('[');
        if (open < 0) return [name];
        if (open == 0 || !name.EndsWith(']')) throw StripeException.Invalid($"Invalid parameter name: {name}", name);
        return [name[..open], .. name[(open + 1)..^1].Split("][")];
    }
}
