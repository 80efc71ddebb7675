using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;
using Empire.Tiers;

namespace Empire.Autopilot.Schedule;

/// <summary>Gives a new tenant its calendar before it asks for anything.</summary>
[Queue("autopilot.tenant-created")]
public sealed class TenantCreatedHandler(TimeProvider clock) : IHandle<TenantCreated>
{
    public Task HandleAsync(TenantCreated fact, Work work, CancellationToken ct) =>
        ScheduleTable.AddAsync(work, fact.TimeZone, (fact.Tier ?? TierTable.Free, fact.OccurredAt), clock.GetUtcNow(), ct);
}

/// <summary>An account that falls to a tier without nightly cycles has none from the next night on, whatever it has set.</summary>
[Queue("autopilot.tier-changed")]
public sealed class TierChangedHandler : IHandle<TierChanged>
{
    public Task HandleAsync(TierChanged fact, Work work, CancellationToken ct) => ScheduleTable.TierAsync(work, fact.Tier, fact.OccurredAt, ct);
}
