using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Empire.Sandbox.OpenAi;

/// <summary>The part of a chat completion request that the sandbox reads; other fields are accepted and have no effect.</summary>
public sealed record ChatRequest
{
    public string? Model { get; init; }
    public List<ChatMessage>? Messages { get; init; }
    public double? Temperature { get; init; }
    public int? MaxTokens { get; init; }
    public int? MaxCompletionTokens { get; init; }
    public int? N { get; init; }
    public long? Seed { get; init; }
    public bool? Stream { get; init; }
    public StreamOptions? StreamOptions { get; init; }
    public ResponseFormat? ResponseFormat { get; init; }
}

public sealed record StreamOptions(bool? IncludeUsage);

/// <param name="Content">A string, or a list of parts of which the text ones are read.</param>
public sealed record ChatMessage(string? Role, JsonNode? Content)
{
    public string Text => Content switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonArray parts => string.Concat(parts.Select(p => p?["text"]?.GetValue<string>())),
        _ => "",
    };
}

/// <param name="Type">text, json_object or json_schema.</param>
public sealed record ResponseFormat(string? Type, JsonSchemaFormat? JsonSchema);

public sealed record JsonSchemaFormat(string? Name, JsonElement? Schema, bool? Strict);

public sealed record ChatResponse(string Id, [property: JsonPropertyName("object")] string Type, long Created, string Model, IReadOnlyList<ChatChoice> Choices, ChatUsage Usage, string ServiceTier, string SystemFingerprint);

/// <param name="FinishReason">"stop", or "length" when the token limit cut the answer.</param>
public sealed record ChatChoice(int Index, ChatAnswer Message, object? Logprobs, string FinishReason);

/// <param name="Refusal">Set, with a null content, when the composer cannot write what was asked.</param>
public sealed record ChatAnswer(string Role, string? Content, string? Refusal, IReadOnlyList<object> Annotations);

public sealed record ChatUsage(int PromptTokens, int CompletionTokens, int TotalTokens)
{
    public object PromptTokensDetails => new { cached_tokens = 0, audio_tokens = 0 };
    public object CompletionTokensDetails => new { reasoning_tokens = 0, audio_tokens = 0, accepted_prediction_tokens = 0, rejected_prediction_tokens = 0 };
}

public sealed record ErrorResponse(ErrorResponse.Body Error)
{
    public sealed record Body(string Message, string Type, string? Param, string? Code);
}
