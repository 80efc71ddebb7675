using System.Data;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;

namespace Empire.Content.Pieces;

/// <summary>Shown as <c>piece_…</c>; a bare UUID is read too, as contracts carry it.</summary>
[JsonConverter(typeof(PieceIdJson))]
public readonly record struct PieceId(Guid Value) : IParsable<PieceId>
{
    private const string Prefix = "piece";

    public static PieceId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PieceId result)
    {
        var known = PublicId.TryParse(Prefix, s, out var id);
        result = new(id);
        return known;
    }

    /// <exception cref="FormatException">Another prefix, or no UUID.</exception>
    public static PieceId Parse(string s, IFormatProvider? provider) => new(PublicId.Parse(Prefix, s));

    public override string ToString() => PublicId.Format(Prefix, Value);

    internal sealed class Column : SqlMapper.TypeHandler<PieceId>
    {
        public override PieceId Parse(object value) => new((Guid)value);
        public override void SetValue(IDbDataParameter parameter, PieceId value) => parameter.Value = value.Value;
    }
}

internal sealed class PieceIdJson : JsonConverter<PieceId>
{
    public override PieceId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PieceId.TryParse(reader.GetString(), null, out var id) ? id : throw new JsonException("wanted: an id of the form piece_…");

    public override void Write(Utf8JsonWriter writer, PieceId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
