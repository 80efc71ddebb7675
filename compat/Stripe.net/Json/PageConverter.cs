using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stripe.Json;

/// <summary>Reads and writes pages as objects, although they enumerate their items.</summary>
internal sealed class PageConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && (typeToConvert.GetGenericTypeDefinition() == typeof(StripeList<>) || typeToConvert.GetGenericTypeDefinition() == typeof(StripeSearchResult<>));

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        var converter = typeToConvert.GetGenericTypeDefinition() == typeof(StripeList<>) ? typeof(ListOf<>) : typeof(ResultOf<>);
        return (JsonConverter)Activator.CreateInstance(converter.MakeGenericType(typeToConvert.GetGenericArguments()));
    }

    sealed record Page<T>(string Object, List<T> Data, bool HasMore, string Url, string NextPage, long? TotalCount);

    sealed class ListOf<T> : JsonConverter<StripeList<T>>
    {
        public override StripeList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<Page<T>>(ref reader, options) is { } page ? new() { Object = page.Object, Data = page.Data, HasMore = page.HasMore, Url = page.Url } : null;

        public override void Write(Utf8JsonWriter writer, StripeList<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new { value.Object, value.Data, value.HasMore, value.Url }, options);
    }

    sealed class ResultOf<T> : JsonConverter<StripeSearchResult<T>>
    {
        public override StripeSearchResult<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<Page<T>>(ref reader, options) is { } page
                ? new() { Object = page.Object, Data = page.Data, HasMore = page.HasMore, Url = page.Url, NextPage = page.NextPage, TotalCount = page.TotalCount }
                : null;

        public override void Write(Utf8JsonWriter writer, StripeSearchResult<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new { value.Object, value.Data, value.HasMore, value.Url, value.NextPage, value.TotalCount }, options);
    }
}
