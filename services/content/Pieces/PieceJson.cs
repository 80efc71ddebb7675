using System.Text.Encodings.Web;
using System.Text.Json;

namespace Empire.Content.Pieces;

/// <summary>JSON as briefs and documents are written: snake_case; what a model adds beside is passed over.</summary>
public static class PieceJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // read by models and by us, never put into HTML as it is; an escape costs five tokens
    };
}
