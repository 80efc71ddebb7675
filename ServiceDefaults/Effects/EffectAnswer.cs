using System.Text.Json;

namespace Empire.Effects;

/// <summary>A final answer as it is kept when recording it failed.</summary>
internal sealed record EffectAnswer(bool Succeeded, string? Reference, string? Detail)
{
    public string ToJson() => JsonSerializer.Serialize(this);

    public static EffectAnswer Parse(string json) => JsonSerializer.Deserialize<EffectAnswer>(json)!;
}
