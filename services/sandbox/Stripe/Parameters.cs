using System.Globalization;
using System.Text.Json.Nodes;

namespace Empire.Sandbox.Stripe;

/// <summary>
/// The parameters of one request, written as <c>amount!:int reason:duplicate|fraudulent items:[{price!:str quantity:int}]</c>. Types: <c>str</c>, <c>int</c>,
/// <c>num</c>, <c>bool</c>, <c>map</c> (free names, text values), <c>range</c> (a number, or gt, gte, lt, lte), a list <c>[…]</c>, a group <c>{…}</c>, or the
/// allowed words. An exclamation mark: required. <c>expand</c> is allowed everywhere.
/// </summary>
public sealed class Parameters
{
    readonly Dictionary<string, (Kind Type, bool Required)> declared = [];

    abstract record Kind;
    sealed record Scalar(string Name) : Kind;
    sealed record Words(string[] Allowed) : Kind;
    sealed record Many(Kind Of) : Kind;
    sealed record Group(Parameters Of) : Kind;

    public static Parameters Of(string declaration)
    {
        var at = 0;
        return Read(declaration + " ", ref at);
    }

    /// <summary>Parameters of lists, which every list has.</summary>
    public static Parameters OfList(string declaration = "") => Of($"limit:int starting_after:str ending_before:str {declaration}");

    /// <summary>Names in dotted form, a list's items as "[]", with whether they are required; for comparing with Stripe's own description.</summary>
    public IEnumerable<(string Path, bool Required)> Paths => declared.SelectMany(d => Below(d.Key, d.Value.Type).Prepend((d.Key, d.Value.Required)));

    static IEnumerable<(string, bool)> Below(string name, Kind kind) => kind switch
    {
        Many(var of) => Below(name + "[]", of),
        Group(var of) => of.Paths.Select(p => ($"{name}.{p.Path}", p.Required)),
        _ => [],
    };

    /// <summary>Checks names, presence and types.</summary>
    /// <returns>The same tree with numbers, booleans and lists. An empty text stays one: it unsets what may be unset.</returns>
    /// <exception cref="StripeException">Names the parameter that is unknown, missing or not of its type.</exception>
    public JsonObject Check(JsonObject form, string prefix = "")
    {
        var result = new JsonObject();
        foreach (var (name, value) in form)
        {
            var full = prefix.Length == 0 ? name : $"{prefix}[{name}]";
            if (prefix.Length == 0 && name == "expand") result[name] = Convert(new Many(new Scalar("str")), value!, full);
            else if (!declared.TryGetValue(name, out var parameter)) throw StripeException.Invalid($"Received unknown parameter: {full}", full, "parameter_unknown");
            else result[name] = Convert(parameter.Type, value!, full);
        }
        foreach (var (name, _) in declared.Where(d => d.Value.Required && !result.ContainsKey(d.Key)))
        {
            var full = prefix.Length == 0 ? name : $"{prefix}[{name}]";
            throw StripeException.Invalid($"Missing required param: {full}.", full, "parameter_missing");
        }
        return result;
    }

    static JsonNode Convert(Kind kind, JsonNode value, string name)
    {
        switch (kind)
        {
            case Group(var group):
                if (value is JsonObject fields) return group.Check(fields, name);
                return value.ToString().Length == 0 ? "" : throw StripeException.Invalid("Invalid object", name);
            case Many(var item):
                if (value is not JsonObject items) return value.ToString().Length == 0 ? new JsonArray() : throw StripeException.Invalid("Invalid array", name);
                return new JsonArray([.. items.OrderBy(i => int.TryParse(i.Key, CultureInfo.InvariantCulture, out var n) ? n : throw StripeException.Invalid("Invalid array", name))
                    .Select(i => Convert(item, i.Value!, $"{name}[{i.Key}]"))]);
            case Words(var allowed):
                var word = Text(value, name);
                return allowed.Contains(word) ? word : throw StripeException.Invalid($"Invalid {name}: must be one of {string.Join(", ", allowed)}", name);
            case Scalar("int"):
                return Integer(Text(value, name), name);
            case Scalar("num"):
                return decimal.TryParse(Text(value, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw StripeException.Invalid($"Invalid decimal: {value}", name, "parameter_invalid_decimal");
            case Scalar("bool"):
                return Text(value, name) switch { "true" => true, "false" => false, var other => throw StripeException.Invalid($"Invalid boolean: {other}", name) };
            case Scalar("map"):
                return value is JsonObject ? value.DeepClone() : value.ToString().Length == 0 ? "" : throw StripeException.Invalid("Invalid object", name);
            case Scalar("range"):
                return value is JsonObject bounds ? Bounds.Check(bounds, name) : Integer(Text(value, name), name);
            default:
                return Text(value, name);
        }
    }

    static readonly Parameters Bounds = Of("gt:int gte:int lt:int lte:int");

    static string Text(JsonNode value, string name) => value is JsonObject ? throw StripeException.Invalid("Invalid string: {}", name) : value.GetValue<string>();

    static JsonNode Integer(string text, string name)
    {
        if (text.Length == 0) throw StripeException.Invalid($"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; however '{name}' cannot be unset.", name, "parameter_invalid_empty");
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw StripeException.Invalid($"Invalid integer: {text}", name, "parameter_invalid_integer");
    }

    static Parameters Read(string text, ref int at)
    {
        var parameters = new Parameters();
        while (true)
        {
            while (at < text.Length && text[at] == ' ') at++;
            if (at == text.Length || text[at] == '}') return parameters;
            var colon = text.IndexOf(':', at);
            var name = text[at..colon];
            at = colon + 1;
            parameters.declared[name.TrimEnd('!')] = (ReadKind(text, ref at), name.EndsWith('!'));
        }
    }

    static Kind ReadKind(string text, ref int at)
    {
        switch (text[at])
        {
            case '[':
                at++;
                var many = new Many(ReadKind(text, ref at));
                at++;
                return many;
            case '{':
                at++;
                var group = new Group(Read(text, ref at));
                at++;
                return group;
            default:
                var end = text.IndexOfAny([' ', ']', '}'], at);
                var word = text[at..end];
                at = end;
                return word is "str" or "int" or "num" or "bool" or "map" or "range" ? new Scalar(word) : new Words(word.Split('|'));
        }
    }
}
