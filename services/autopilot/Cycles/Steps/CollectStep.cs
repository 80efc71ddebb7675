using Empire.Contracts.V1;

namespace Empire.Autopilot.Cycles.Steps;

/// <summary>Has analytics ask the networks for conversions that their postbacks did not tell.</summary>
internal sealed class CollectStep(Analytics.AnalyticsClient analytics, ServiceCalls calls) : ICycleStep
{
    /// <summary>For all networks; analytics gives up each of them well before.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <param name="Seen">Conversions in the networks' reports since the last look.</param>
    /// <param name="Recorded">Those that no postback had told.</param>
    /// <param name="Incomplete">Networks whose report could not be read; the next cycle reads it from where the last good reading ended, so that nothing is lost.</param>
    public sealed record Evidence(int Seen, int Recorded, IReadOnlyList<string> Incomplete);

    public string Name => "collect";

    public async Task<StepResult> RunAsync(CycleContext cycle, CancellationToken ct)
    {
        var reply = await analytics.CollectConversionsAsync(new() { BatchId = cycle.Id.ToString() }, calls.For(cycle.Tenant, Patience, ct));
        return new StepResult.Done(new Evidence(reply.Seen, reply.Recorded, [.. reply.Incomplete]));
    }
}
