using System.ComponentModel.DataAnnotations;
using Empire.Credentials;
using Empire.Http;

namespace Empire.Content.Llm;

/// <summary>Section "Llm": which models there are, what they cost and who is asked first for what.</summary>
public sealed class LlmOptions
{
    /// <summary>By the provider's own name of the model.</summary>
    [MinLength(1)] public Dictionary<string, ModelOptions> Models { get; init; } = [];

    /// <summary>By task: models in order of preference, separated by commas. <c>{task}.premium</c> serves the premium niches.</summary>
    [MinLength(1)] public Dictionary<string, string> Routes { get; init; } = [];

    /// <summary>Separated by commas; compared without regard to case.</summary>
    public string PremiumNiches { get; init; } = "";

    /// <summary>Per model of a route, over all reasons to ask again.</summary>
    [Range(1, 10)] public int Attempts { get; init; } = 3;

    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")] public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(4);
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")] public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A provider that asks for a longer pause than this is left for the next model of the route.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")] public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromMinutes(1);

    internal static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

public sealed class ModelOptions
{
    /// <summary>OpenAI or OpenRouter.</summary>
    [Required] public string Provider { get; init; } = "";

    /// <summary>US dollars per million tokens of the prompt.</summary>
    [Range(0, 10_000)] public decimal InputUsd { get; init; }

    /// <summary>US dollars per million tokens of the reply.</summary>
    [Range(0, 10_000)] public decimal OutputUsd { get; init; }

    /// <summary>False for reasoning models: they refuse any temperature but their own.</summary>
    public bool Temperature { get; init; } = true;

    /// <summary>False for models that know no <c>response_format</c> of type <c>json_schema</c>; they are shown the schema in the prompt instead.</summary>
    public bool JsonSchema { get; init; } = true;
}

/// <summary>A section under "Providers": someone who speaks OpenAI's chat completions API. The base address goes up to and with the version, as in <c>https://api.openai.com/v1</c>.</summary>
public sealed class LlmProviderOptions : ProviderOptions
{
    /// <summary>A long article takes a large model more than a minute.</summary>
    private static readonly TimeSpan SlowestReply = TimeSpan.FromMinutes(2);

    public LlmProviderOptions() => AttemptTimeout = TotalTimeout = SlowestReply;

    [Required, ProviderKey("llm")] public string ApiKey { get; set; } = "";

    /// <summary>Calls per <see cref="Window"/>, counted per key over all replicas. Default: 3, and 600 for the sandbox.</summary>
    [Range(1, 1_000_000)] public int? Calls { get; set; }

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")] public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);
}
