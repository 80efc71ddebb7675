using Empire.Contracts.V1;
using Empire.Data;

namespace Empire.Autopilot.Schedule;

/// <summary>What day it is for a tenant. Identity is asked when <c>TenantCreated</c> has not arrived (yet, or ever), so that no account stays without its calendar.</summary>
public sealed class TenantCalendar(Database db, Identity.IdentityClient identity, ServiceCalls calls, TimeProvider clock)
{
    /// <exception cref="Grpc.Core.RpcException">The tenant has no calendar here yet, and identity is out of reach or does not know the tenant.</exception>
    public async Task<DateOnly> TodayAsync(TenantId tenant, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using (var work = await db.BeginAsync(tenant, ct))
        {
            if (await ScheduleTable.ZoneAsync(work, ct) is { } known) return ScheduleTable.DayIn(known, now);
        }
        var account = await identity.GetTenantAsync(new(), calls.For(tenant, ct));
        await using var addition = await db.BeginAsync(tenant, ct);
        await ScheduleTable.AddAsync(addition, account.TimeZone, now, ct);
        await addition.CommitAsync(ct);
        return ScheduleTable.DayIn(account.TimeZone, now);
    }
}
