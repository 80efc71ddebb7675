using System.Globalization;
using System.Reflection;

namespace Stripe.Tests.Description;

/// <summary>Options of which every property has a value that tells its kind.</summary>
public static class Filled
{
    public const string Text = "text";
    public const string WireFlag = "true";
    public const string WireDecimal = "1.5";
    public const string WireTime = "1692144000";
    public const string WireNumber = "7";
    public const string WireFile = "blob";

    /// <param name="variant">Which of the types of a field of several types is filled.</param>
    public static object Of(Type type, int variant)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return Text;
        if (type == typeof(bool)) return true;
        if (type == typeof(decimal)) return 1.5m;
        if (type == typeof(long)) return 7L;
        if (type == typeof(DateTime)) return DateTime.UnixEpoch.AddSeconds(long.Parse(WireTime, CultureInfo.InvariantCulture));
        if (type == typeof(Stream)) return new MemoryStream("bytes"u8.ToArray());
        if (typeof(StringEnum).IsAssignableFrom(type))
        {
            var words = type.GetFields(BindingFlags.Public | BindingFlags.Static);
            return words[variant % words.Length].GetValue(null)!;
        }
        if (typeof(IAnyOf).IsAssignableFrom(type)) return Activator.CreateInstance(type, Of(type.GetGenericArguments()[variant % type.GetGenericArguments().Length], variant))!;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
        {
            var list = (System.Collections.IList)Activator.CreateInstance(type)!;
            list.Add(Of(type.GetGenericArguments()[0], variant));
            return list;
        }
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>))
        {
            var map = (System.Collections.IDictionary)Activator.CreateInstance(type)!;
            map.Add("key", Of(type.GetGenericArguments()[1], variant));
            return map;
        }
        if (!typeof(INestedOptions).IsAssignableFrom(type)) throw new ArgumentException($"No value is known for {type}.", nameof(type));
        var options = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties().Where(property => property.Name != nameof(BaseOptions.ExtraParams)))
            property.SetValue(options, Of(property.PropertyType, variant));
        return options;
    }
}
