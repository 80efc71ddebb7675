using System.Diagnostics.Metrics;

namespace Empire.Effects;

/// <summary>Meter <c>Empire.Effects</c>: what became of effects, by kind.</summary>
internal static class EffectMetrics
{
    private static readonly Meter Meter = new("Empire.Effects");
    private static readonly Counter<long> Outcomes = Meter.CreateCounter<long>("empire.effects.outcomes", "{effect}", "Effects that reached an end or a person.");

    public static void Settled(string kind, bool succeeded) => Count(kind, succeeded ? "succeeded" : "rejected");
    public static void Held(string kind) => Count(kind, "held");

    private static void Count(string kind, string outcome) => Outcomes.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", outcome));
}
