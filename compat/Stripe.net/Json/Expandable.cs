using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stripe.Json;

/// <summary>A field that is an id, or the whole object where the call asked for it.</summary>
/// <param name="Object">Null unless it was asked for.</param>
internal readonly record struct Expandable<T>(string Id, T Object) where T : class, IHasId
{
    public static Expandable<T> Of(T value) => new(value?.Id, value);

    /// <summary>Keeps the object where it has that id.</summary>
    public Expandable<T> WithId(string id) => new(id, Object?.Id == id ? Object : null);
}

/// <summary>Lists of fields that are expanded all or none.</summary>
internal static class Expandables
{
    public static List<string> Ids<T>(this List<Expandable<T>> fields) where T : class, IHasId => fields?.ConvertAll(field => field.Id);

    /// <summary>Null where they were not expanded.</summary>
    public static List<T> Objects<T>(this List<Expandable<T>> fields) where T : class, IHasId =>
        fields is null || fields.Exists(field => field.Object is null) ? null : fields.ConvertAll(field => field.Object);

    public static List<Expandable<T>> FromIds<T>(List<string> ids) where T : class, IHasId => ids?.ConvertAll(id => new Expandable<T>(id, null));

    public static List<Expandable<T>> FromObjects<T>(List<T> objects) where T : class, IHasId => objects?.ConvertAll(Expandable<T>.Of);
}

internal sealed class ExpandableConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Expandable<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert.GetGenericArguments()));

    sealed class Of<T> : JsonConverter<Expandable<T>> where T : class, IHasId
    {
        public override bool HandleNull => true;

        public override Expandable<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.Null) return default;
            if (reader.TokenType == JsonTokenType.String) return new(reader.GetString(), null);
            var element = JsonElement.ParseValue(ref reader);
            // The id is read by itself: an object of a type that is not known here is null, and its id still counts.
            var id = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("id", out var value) ? value.GetString() : null;
            return new(id, element.Deserialize<T>(options));
        }

        public override void Write(Utf8JsonWriter writer, Expandable<T> value, JsonSerializerOptions options)
        {
            if (value.Object is not null) JsonSerializer.Serialize(writer, value.Object, options);
            else writer.WriteStringValue(value.Id);
        }
    }
}
