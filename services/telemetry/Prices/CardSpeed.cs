namespace Empire.Telemetry.Prices;

/// <summary>How fast the price book's cards are at most: what an hour of use of one would be on another. Peak figures as published for NVIDIA's cards, as of 2026-11: dense FP16 tensor TFLOPS (half of the figure with sparsity where
/// only that is given) and memory bandwidth in GB/s. V100, A100, H100, H200 and B200 are those on SXM; of the A10G, which only AWS has, the lower of the figures that are told.</summary>
internal static class CardSpeed
{
    private static readonly Dictionary<string, (decimal Tflops, decimal Bandwidth)> cards = new(StringComparer.Ordinal)
    {
        ["T4"] = (65, 300),
        ["V100"] = (125, 900),
        ["A10G"] = (70, 600),
        ["L4"] = (121, 300),
        ["L40S"] = (362, 864),
        ["A100-40"] = (312, 1_555),
        ["A100-80"] = (312, 2_039),
        ["H100"] = (989, 3_350),
        ["H200"] = (989, 4_800),
        ["B200"] = (2_250, 8_000),
    };

    /// <returns>How many times as long the same work takes on the other card, by whichever of computing and memory is the worse; null: not known of one of them.</returns>
    public static decimal? Slowdown(string from, string to) =>
        cards.TryGetValue(from, out var had) && cards.TryGetValue(to, out var other) ? Math.Max(had.Tflops / other.Tflops, had.Bandwidth / other.Bandwidth) : null;
}
