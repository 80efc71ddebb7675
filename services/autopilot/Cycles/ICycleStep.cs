namespace Empire.Autopilot.Cycles;

/// <summary>One step of a cycle. It may be run again at any point of an earlier run, by another process: what it did it finds done.</summary>
public interface ICycleStep
{
    string Name { get; }

    /// <summary>Does what is left to do.</summary>
    /// <exception cref="Exception">The attempt failed; the runner tries again with back-off, after an <see cref="Outage"/> for as long as its patience lasts.</exception>
    Task<StepResult> RunAsync(CycleContext cycle, CancellationToken ct);
}

/// <param name="Day">Of the owner's calendar.</param>
/// <param name="Source">networks, or feed: and the file's hash.</param>
/// <param name="StepStartedAt">When the step was first begun, over all attempts: deadlines count from here.</param>
public sealed record CycleContext(Guid Id, TenantId Tenant, DateOnly Day, string Source, Guid? FeedId, CyclePlan Plan, DateTimeOffset StepStartedAt);

public abstract record StepResult
{
    private StepResult() { }

    /// <param name="Evidence">What the step did and found, for the reader of the cycle; stored as JSON.</param>
    public sealed record Done(object Evidence) : StepResult;

    /// <summary>The step waits for others and wants to look again.</summary>
    public sealed record Waiting(object Evidence, TimeSpan LookAgainAfter) : StepResult;
}
