using Empire.Contracts.V1;

namespace Empire.Telemetry.Ingest;

/// <summary>What is known of an agent's host, as far as taking its samples needs it.</summary>
/// <param name="IntervalSeconds">Between two samples of a GPU.</param>
internal sealed record HostProfile(string Provider, string Region, string InstanceType, bool Spot, int IntervalSeconds)
{
    public const int UsualInterval = 10;

    public static HostProfile Of(HostTags tags) => new(tags.Provider, tags.Region, tags.InstanceType, tags.Spot, tags.IntervalSeconds == 0 ? UsualInterval : (int)tags.IntervalSeconds);
}
