using System.Collections.Frozen;

namespace Empire.Analytics.Returns;

/// <summary>What figures can be divided by.</summary>
public static class Dimension
{
    /// <summary>Stands for the rows that lack the lineage, so that the parts always sum to the whole.</summary>
    public const string Unattributed = "unattributed";

    public static FrozenSet<string> All { get; } = FrozenSet.Create("product", "niche", "platform", "prompt_version");

    /// <summary>Only reports divide by it: what a batch keeps are figures of content, which belongs to no campaign.</summary>
    public const string Campaign = "campaign";
}
