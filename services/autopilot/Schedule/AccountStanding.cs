using Empire.ClosedAccounts;
using Empire.Autopilot.Cycles;
using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Autopilot.Schedule;

/// <summary>A closed account has no nights, and its open cycles pause: the step in progress ends, no other begins. Open again, its nights go on with the next midnight; a cycle that paused is a day's that may be long
/// over, so its owner says whether it goes on.</summary>
[Queue("autopilot.account-standing")]
public sealed class AccountStanding(TimeProvider clock) : AccountStandingHandler
{
    protected override Task ClosedAsync(AccountClosed fact, Work work, CancellationToken ct) => CycleTable.PauseAllAsync(work, ct);

    protected override async Task OpenedAsync(AccountOpened fact, Work work, CancellationToken ct)
    {
        if (await ScheduleTable.FindAsync(work, ct) is { } schedule) await ScheduleTable.SkipToAsync(work, ScheduleTable.DayIn(schedule.TimeZone, clock.GetUtcNow()).AddDays(1), ct);
    }
}
