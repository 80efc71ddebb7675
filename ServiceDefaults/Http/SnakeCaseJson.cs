using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Http;

/// <summary>JSON as the REST API speaks it: snake_case names and enum values; an unknown field is an error, so that a misspelt one is never silently ignored.</summary>
public static class SnakeCaseJson
{
    /// <summary>The same rules for JSON written outside an endpoint.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    internal static void AddSnakeCaseJson(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(json => Configure(json.SerializerOptions));

    /// <summary><c>NextCursor</c> as the API writes it: <c>next_cursor</c>; paths keep their dots and indexes, and a header's name stays as it is.</summary>
    internal static string NameOf(string member) =>
        member.Contains('-', StringComparison.Ordinal) ? member : string.Join('.', member.Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));

    /// <summary>A query parameter as clients write it. The query is bound whatever the case, so <c>Limit</c> is <c>limit</c>; <c>PieceId</c> stays, for <c>piece_id</c> would not reach it.</summary>
    internal static string QueryNameOf(string parameter) => NameOf(parameter) is var name && string.Equals(name, parameter, StringComparison.OrdinalIgnoreCase) ? name : parameter;

    private static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new TenantIdConverter());
        options.Converters.Add(new CurrencyConverter());
        return options;
    }

    private sealed class TenantIdConverter : JsonConverter<TenantId>
    {
        public override TenantId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            PublicId.TryParse("ten", reader.GetString(), out var id) ? new(id) : throw new JsonException("wanted: an id of the form ten_…");

        public override void Write(Utf8JsonWriter writer, TenantId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private sealed class CurrencyConverter : JsonConverter<Currency>
    {
        public override Currency Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            Currency.TryParse(reader.GetString(), out var currency) ? currency : throw new JsonException("wanted: an ISO 4217 currency code, as in USD");

        public override void Write(Utf8JsonWriter writer, Currency value, JsonSerializerOptions options) => writer.WriteStringValue(value.Code);
    }
}
