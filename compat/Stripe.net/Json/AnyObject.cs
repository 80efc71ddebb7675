using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stripe.Json;

/// <summary>Reads a field that may hold objects of several types, by the object's <c>object</c>. One of a type that is not known here is null.</summary>
internal sealed class AnyObject : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsInterface && typeof(IHasObject).IsAssignableFrom(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert));

    sealed class Of<T> : JsonConverter<T> where T : class
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var element = JsonElement.ParseValue(ref reader);
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("object", out var name) || name.ValueKind != JsonValueKind.String) return null;
            return StripeTypeRegistry.GetConcreteType(typeof(T), name.GetString()) is { } type ? (T)element.Deserialize(type, options) : null;
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, value.GetType(), options);
    }
}
