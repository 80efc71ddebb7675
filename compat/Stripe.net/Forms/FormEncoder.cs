using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe.Forms;

/// <summary>Writes options as Stripe reads them: <c>items[0][price]=…</c>, <c>metadata[order]=…</c>, times as Unix seconds, enums by their wire value.</summary>
/// <remarks>A null is not sent; an empty text or an empty list is, as nothing after the equals sign, which removes the value at Stripe.</remarks>
internal static class FormEncoder
{
    static readonly ConcurrentDictionary<Type, (string Name, PropertyInfo Property)[]> Properties = new();

    /// <summary>As the query of an address, or as the body of a form; empty for null.</summary>
    public static string Encode(BaseOptions options) =>
        string.Join('&', Flatten(options).Where(field => field.Value is string).Select(field => $"{Escape(field.Key)}={Escape((string)field.Value)}"));

    /// <summary>A form, or several parts where a file is among the values.</summary>
    public static HttpContent Content(BaseOptions options)
    {
        var fields = Flatten(options).ToList();
        if (!fields.Exists(field => field.Value is Stream)) return Form(Encode(options));
        var parts = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            if (value is Stream file) parts.Add(new RepeatableFileContent(file), Quote(name), Quote(file is FileStream named ? Path.GetFileName(named.Name) : "blob"));
            else parts.Add(new StringContent((string)value), Quote(name));
        }
        return parts;
    }

    static ByteArrayContent Form(string fields) => new(Encoding.ASCII.GetBytes(fields)) { Headers = { ContentType = new("application/x-www-form-urlencoded") } };

    /// <summary>Names with their values, which are texts or files.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Flatten(BaseOptions options) => options is null ? [] : Options(options, "");

    // The brackets are left readable, which Stripe accepts and logs show well.
    static string Escape(string text) => WebUtility.UrlEncode(text).Replace("%5B", "[").Replace("%5D", "]");

    static string Quote(string text) => $"\"{text}\"";

    static IEnumerable<KeyValuePair<string, object>> Value(object value, string name) => value switch
    {
        null => [new(name, "")],
        IAnyOf any => any.Value is null ? [] : Value(any.Value, name),
        INestedOptions options => Options(options, name),
        IDictionary entries => Dictionary(entries, name),
        string or Stream => [new(name, value)],
        IEnumerable list => List(list, name),
        DateTime time => [new(name, UnixTime.Of(time).ToString(CultureInfo.InvariantCulture))],
        bool flag => [new(name, flag ? "true" : "false")],
        Enum constant => [new(name, WireValue(constant))],
        StringEnum constant => [new(name, constant.Value)],
        _ => [new(name, Convert.ToString(value, CultureInfo.InvariantCulture))],
    };

    static IEnumerable<KeyValuePair<string, object>> Options(INestedOptions options, string prefix)
    {
        foreach (var (name, property) in Properties.GetOrAdd(options.GetType(), Known))
        {
            if (property.GetValue(options) is not { } value) continue;
            foreach (var field in property.Name == nameof(BaseOptions.ExtraParams) ? Dictionary((IDictionary)value, prefix) : Value(value, Name(prefix, name))) yield return field;
        }
    }

    static IEnumerable<KeyValuePair<string, object>> Dictionary(IDictionary entries, string prefix)
    {
        foreach (DictionaryEntry entry in entries)
            foreach (var field in Value(entry.Value, Name(prefix, Convert.ToString(entry.Key, CultureInfo.InvariantCulture)))) yield return field;
    }

    static IEnumerable<KeyValuePair<string, object>> List(IEnumerable list, string name)
    {
        var index = 0;
        foreach (var item in list)
            foreach (var field in Value(item, $"{name}[{index++}]")) yield return field;
        if (index == 0) yield return new(name, "");
    }

    /// <summary>"card[exp_month]" under "source" is "source[card][exp_month]": extra parameters may name a place below.</summary>
    static string Name(string prefix, string name)
    {
        if (prefix.Length == 0) return name;
        var bracket = name.IndexOf('[');
        return bracket < 0 ? $"{prefix}[{name}]" : $"{prefix}[{name[..bracket]}]{name[bracket..]}";
    }

    static (string Name, PropertyInfo Property)[] Known(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetCustomAttribute<JsonIgnoreAttribute>() is null)
            .Select(property => (StripeNames.Of(property), property))];

    static string WireValue(Enum constant) =>
        constant.GetType().GetField(constant.ToString())?.GetCustomAttribute<System.Runtime.Serialization.EnumMemberAttribute>()?.Value
        ?? throw new ArgumentException($"{constant.GetType().Name} has no value {constant}.", nameof(constant));
}
