using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Autopilot.Schedule;

/// <summary>Gives a new tenant its calendar: the first scheduled cycle comes at the next midnight of its zone.</summary>
[Queue("autopilot.tenant-created")]
public sealed class TenantCreatedHandler(TimeProvider clock) : IHandle<TenantCreated>
{
    public Task HandleAsync(TenantCreated fact, Work work, CancellationToken ct) =>
        work.ExecuteAsync(
            "insert into schedules (tenant_id, time_zone, next_day) values (@Tenant, @TimeZone, @tomorrow) on conflict (tenant_id) do nothing",
            new { work.Tenant, fact.TimeZone, tomorrow = ScheduleTable.DayIn(fact.TimeZone, clock.GetUtcNow()).AddDays(1) }, ct);
}
