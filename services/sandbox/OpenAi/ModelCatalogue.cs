namespace Empire.Sandbox.OpenAi;

/// <summary>The models that the sandbox answers for; one composer stands behind all of them.</summary>
public static class ModelCatalogue
{
    /// <param name="ContextTokens">As the provider states it for the model; the sandbox enforces it.</param>
    /// <param name="Prompt">USD per million prompt tokens, as in the models list of OpenRouter.</param>
    public sealed record Model(string Id, string Name, int ContextTokens, decimal Prompt, decimal Completion);

    const long Created = 1_735_689_600; // 2025-01-01, for every model

    public static readonly IReadOnlyList<Model> OpenAi =
    [
        new("gpt-3.5-turbo", "GPT-3.5 Turbo", 16_385, 0.50m, 1.50m), new("gpt-4", "GPT-4", 8_191, 30m, 60m), new("gpt-4-turbo", "GPT-4 Turbo", 128_000, 10m, 30m),
        new("gpt-4o", "GPT-4o", 128_000, 2.50m, 10m), new("gpt-4o-mini", "GPT-4o mini", 128_000, 0.15m, 0.60m), new("gpt-4.1", "GPT-4.1", 1_047_576, 2m, 8m),
        new("gpt-4.1-mini", "GPT-4.1 mini", 1_047_576, 0.40m, 1.60m), new("gpt-5", "GPT-5", 400_000, 1.25m, 10m), new("gpt-5-turbo", "GPT-5 Turbo", 400_000, 1.25m, 10m),
        new("gpt-5-mini", "GPT-5 mini", 400_000, 0.25m, 2m), new("gpt-5-nano", "GPT-5 nano", 400_000, 0.05m, 0.40m),
    ];

    /// <summary>OpenRouter's names put the maker before the model.</summary>
    public static readonly IReadOnlyList<Model> OpenRouter =
    [
        .. OpenAi.Select(m => m with { Id = "openai/" + m.Id, Name = "OpenAI: " + m.Name }),
        new("anthropic/claude-3-opus", "Anthropic: Claude 3 Opus", 200_000, 15m, 75m), new("anthropic/claude-3.5-sonnet", "Anthropic: Claude 3.5 Sonnet", 200_000, 3m, 15m),
        new("meta-llama/llama-3.1-8b-instruct", "Meta: Llama 3.1 8B Instruct", 131_072, 0.06m, 0.06m),
        new("anthropic/claude-sonnet-4", "Anthropic: Claude Sonnet 4", 200_000, 3m, 15m), new("google/gemini-2.5-flash", "Google: Gemini 2.5 Flash", 1_048_576, 0.30m, 2.50m),
        new("meta-llama/llama-3.3-70b-instruct", "Meta: Llama 3.3 70B Instruct", 131_072, 0.10m, 0.32m), new("mistralai/mistral-small-3.2-24b-instruct", "Mistral: Mistral Small 3.2 24B", 131_072, 0.06m, 0.18m),
    ];

    public static object ListOpenAi() => new { @object = "list", data = OpenAi.Select(m => new { id = m.Id, @object = "model", created = Created, owned_by = "openai" }) };

    public static object ListOpenRouter() => new
    {
        data = OpenRouter.Select(m => new
        {
            id = m.Id,
            canonical_slug = m.Id,
            name = m.Name,
            created = Created,
            description = "Answered by the sandbox's offline composer.",
            context_length = m.ContextTokens,
            architecture = new { modality = "text->text", input_modalities = new[] { "text" }, output_modalities = new[] { "text" }, tokenizer = "GPT", instruct_type = (string?)null },
            pricing = new { prompt = PerToken(m.Prompt), completion = PerToken(m.Completion), request = "0", image = "0" },
            top_provider = new { context_length = m.ContextTokens, max_completion_tokens = 16_384, is_moderated = false },
            supported_parameters = new[] { "max_tokens", "response_format", "seed", "structured_outputs", "temperature" },
            per_request_limits = (object?)null,
            default_parameters = (object?)null,
            supported_voices = (object?)null,
            links = new { details = $"/api/v1/models/{m.Id}/endpoints" },
        }),
        total_count = OpenRouter.Count,
        links = new { next = (string?)null },
    };

    static string PerToken(decimal perMillion) => (perMillion / 1_000_000).ToString("0.##########", System.Globalization.CultureInfo.InvariantCulture);
}
