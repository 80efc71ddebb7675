using Empire.Data;
using Empire.Http;
using Empire.Tiers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Autopilot.Schedule;

/// <summary>Whether a cycle starts by itself at each midnight of the account's zone. By default one does for the account that runs the installation, and for no other.</summary>
public static class ChangeSchedule
{
    /// <example>{"enabled": true}</example>
    public sealed record Request(bool Enabled);

    /// <param name="Enabled">Whether the next cycle will start by itself.</param>
    /// <param name="Allowed">Whether the account's tier has nightly cycles; where it has none, <paramref name="Enabled"/> is false whatever was set.</param>
    /// <param name="NextDay">Day of the next cycle that starts by itself; null while none will.</param>
    /// <example>{"enabled": true, "allowed": true, "time_zone": "America/New_York", "next_day": "2026-03-03"}</example>
    public sealed record Response(bool Enabled, bool Allowed, string TimeZone, DateOnly? NextDay);

    public static async Task<Ok<Response>> GetAsync(Caller caller, TenantCalendar calendar, OperatorAccount installation, TierTable tiers, CancellationToken ct)
    {
        var runsInstallation = await installation.IsAsync(caller.Tenant, ct);
        return TypedResults.Ok(Show(await calendar.EnsureAsync(caller.Tenant, ct), runsInstallation, Allowed(caller, runsInstallation, tiers)));
    }

    public static async Task<Results<Ok<Response>, ProblemHttpResult>> PutAsync(
        Request request, Caller caller, Database db, TenantCalendar calendar, OperatorAccount installation, TierTable tiers, TimeProvider clock, CancellationToken ct)
    {
        var runsInstallation = await installation.IsAsync(caller.Tenant, ct);
        var allowed = Allowed(caller, runsInstallation, tiers);
        if (request.Enabled && !allowed)
            return new Refusal("tier-limit-exceeded", $"The tier {TierOf(caller)} has no nightly cycles. Upgrade, or start a cycle yourself with POST /api/v1/autopilot/cycles.").ToProblem(StatusCodes.Status403Forbidden);
        var schedule = await calendar.EnsureAsync(caller.Tenant, ct);
        var now = clock.GetUtcNow();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        work.Audit(request.Enabled ? "schedule.turned-on" : "schedule.turned-off", "schedule", null);
        await ScheduleTable.TurnAsync(work, request.Enabled, ScheduleTable.DayIn(schedule.TimeZone, now).AddDays(1), ct);
        await ScheduleTable.TierAsync(work, TierOf(caller), now, ct); // what the night will go by, should the event be late
        var changed = (await ScheduleTable.FindAsync(work, ct))!;
        await work.CommitAsync(ct);
        return TypedResults.Ok(Show(changed, runsInstallation, allowed));
    }

    private static bool Allowed(Caller caller, bool runsInstallation, TierTable tiers) => runsInstallation || tiers[TierOf(caller)].NightlyCycle;

    private static string TierOf(Caller caller) => caller.Tier ?? TierTable.Free;

    private static Response Show(ScheduleRow schedule, bool runsInstallation, bool allowed)
    {
        var enabled = allowed && (schedule.Enabled ?? runsInstallation);
        return new(enabled, allowed, schedule.TimeZone, enabled ? schedule.NextDay : null);
    }
}
