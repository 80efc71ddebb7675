using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stripe.Json;

/// <summary>Times are whole seconds since 1970 on the wire and <see cref="DateTimeKind.Utc"/> here.</summary>
internal sealed class UnixTime : JsonConverter<DateTime>
{
    /// <summary>A time without a kind is taken as local, as .NET does.</summary>
    public static long Of(DateTime time) => ((DateTimeOffset)time).ToUnixTimeSeconds();

    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => DateTime.UnixEpoch.AddSeconds(reader.GetInt64()),
        JsonTokenType.String when long.TryParse(reader.GetString(), out var seconds) => DateTime.UnixEpoch.AddSeconds(seconds),
        _ => throw new JsonException("A time is a number of seconds since 1970."),
    };

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteNumberValue(Of(value));
}
