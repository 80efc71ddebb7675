using System.Globalization;
using Empire.Sandbox.Composer;

namespace Empire.Sandbox.OpenAi;

/// <summary>Turns a chat request into the composer's answer, with the bookkeeping a model does: limits, tokens, finish reason.</summary>
public sealed class ChatCompletion(OfflineComposer composer, TimeProvider clock)
{
    /// <summary>Exactly one of the two is set.</summary>
    public sealed record Outcome(ChatResponse? Response, IResult? Refused);

    public Outcome Answer(ChatDoor door, ChatRequest request)
    {
        if (request.Model is not { Length: > 0 } id) return Refuse(400, "you must provide a model parameter", "model");
        var model = (door == ChatDoor.OpenAi ? ModelCatalogue.OpenAi : ModelCatalogue.OpenRouter).FirstOrDefault(m => m.Id == id);
        if (model is null) return Refuse(404, $"The model `{id}` does not exist or you do not have access to it.", null, "model_not_found");
        if (request.Messages is not { Count: > 0 } messages) return Refuse(400, "Missing required parameter: 'messages'.", "messages", "missing_required_parameter");
        if (messages.FirstOrDefault(m => m.Role is not ("system" or "developer" or "user" or "assistant" or "tool")) is { } odd)
            return Refuse(400, $"Invalid value: '{odd.Role}'. Supported values are: 'system', 'developer', 'assistant', 'user' and 'tool'.", "messages", "invalid_value");
        if (request.N is not (null or 1)) return Refuse(400, "Only n=1 is supported here.", "n", "unsupported_value");
        if (request.Temperature is < 0 or > 2) return Refuse(400, "Invalid 'temperature': expected a number between 0 and 2.", "temperature", "decimal_above_max_value");
        var limit = request.MaxCompletionTokens ?? request.MaxTokens;
        if (limit is < 1) return Refuse(400, "Invalid 'max_tokens': expected an integer of at least 1.", request.MaxCompletionTokens is null ? "max_tokens" : "max_completion_tokens", "integer_below_min_value");
        var promptTokens = TokenCount.Of(messages);
        if (promptTokens + (limit ?? 0) > model.ContextTokens)
            return Refuse(400, $"This model's maximum context length is {model.ContextTokens} tokens, your request needs {promptTokens + (limit ?? 0)}.", "messages", "context_length_exceeded");

        var prompt = messages.LastOrDefault(m => m.Role == "user")?.Text ?? "";
        var composed = composer.Answer(prompt, request.Seed, request.ResponseFormat);
        var content = composed.Content is { } text && limit is { } most ? TokenCount.Cut(text, most) : composed.Content;
        var cut = content?.Length < composed.Content?.Length;
        var completionTokens = TokenCount.Of(content ?? composed.Refusal ?? "");
        var now = clock.GetUtcNow();
        return new(new($"chatcmpl-{Guid.CreateVersion7(now).ToString("N", CultureInfo.InvariantCulture)}", "chat.completion", now.ToUnixTimeSeconds(), id,
            [new(0, new("assistant", content, composed.Refusal, []), null, cut ? "length" : "stop")],
            new(promptTokens, completionTokens, promptTokens + completionTokens), "default", "fp_sandbox"), null);

        Outcome Refuse(int status, string message, string? param = null, string? code = null) => new(null, OpenAiError.Of(door, status, message, param, code));
    }
}
