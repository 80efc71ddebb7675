using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Autopilot.Schedule;

/// <summary>Gives a new tenant its calendar before it asks for anything.</summary>
[Queue("autopilot.tenant-created")]
public sealed class TenantCreatedHandler(TimeProvider clock) : IHandle<TenantCreated>
{
    public Task HandleAsync(TenantCreated fact, Work work, CancellationToken ct) => ScheduleTable.AddAsync(work, fact.TimeZone, clock.GetUtcNow(), ct);
}
