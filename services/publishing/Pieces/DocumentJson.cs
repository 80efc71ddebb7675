using System.Text.Json;

namespace Empire.Publishing.Pieces;

/// <summary>How documents are written in the contract with content: snake_case, unknown members ignored.</summary>
public static class DocumentJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
    };

    /// <exception cref="JsonException">A needed member is missing or of another type; the message names it.</exception>
    public static T Parse<T>(string json) where T : class =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"The {typeof(T).Name} is null.");
}
