using System.Collections.Frozen;

namespace Empire.Analytics.Returns;

/// <summary>What figures can be divided by.</summary>
public static class Dimension
{
    /// <summary>Stands for the rows that lack the lineage, so that the parts always sum to the whole.</summary>
    public const string Unattributed = "unattributed";

    public static FrozenSet<string> All { get; } = FrozenSet.Create("product", "niche", "platform", "prompt_version");
}
