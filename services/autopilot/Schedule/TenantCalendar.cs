using Empire.Contracts.V1;
using Empire.Data;
using Empire.Tiers;

namespace Empire.Autopilot.Schedule;

/// <summary>What day it is for a tenant. Identity is asked when <c>TenantCreated</c> has not arrived (yet, or ever), so that no account stays without its calendar.</summary>
public sealed class TenantCalendar(Database db, Identity.IdentityClient identity, ServiceCalls calls, TimeProvider clock)
{
    /// <exception cref="Grpc.Core.RpcException">The tenant has no calendar here yet, and identity is out of reach or does not know the tenant.</exception>
    public async Task<DateOnly> TodayAsync(TenantId tenant, CancellationToken ct) => ScheduleTable.DayIn((await EnsureAsync(tenant, ct)).TimeZone, clock.GetUtcNow());

    /// <inheritdoc cref="TodayAsync" path="/exception"/>
    internal async Task<ScheduleRow> EnsureAsync(TenantId tenant, CancellationToken ct)
    {
        await using (var work = await db.BeginAsync(tenant, ct))
        {
            if (await ScheduleTable.FindAsync(work, ct) is { } known) return known;
        }
        var account = await identity.GetTenantAsync(new(), calls.For(tenant, ct));
        await using var addition = await db.BeginAsync(tenant, ct);
        addition.NothingToAudit(); // whoever asked changed nothing by it
        var now = clock.GetUtcNow();
        await ScheduleTable.AddAsync(addition, account.TimeZone, (TierTable.Parse(account.Tier) ?? TierTable.Free, now), now, ct);
        var added = (await ScheduleTable.FindAsync(addition, ct))!;
        await addition.CommitAsync(ct);
        return added;
    }
}
