using Empire.Data;

namespace Empire.Autopilot.Schedule;

internal static class ScheduleTable
{
    /// <summary>The zone of a new account that names none, as identity gives it: a cycle that starts before <c>TenantCreated</c> has arrived has the same day as one after.</summary>
    private const string DefaultZone = "America/New_York";

    /// <summary>The tenant's calendar day.</summary>
    public static async Task<DateOnly> TodayAsync(Work work, DateTimeOffset now, CancellationToken ct)
    {
        var zone = await work.QuerySingleOrDefaultAsync<string?>("select time_zone from schedules where tenant_id = @Tenant", new { work.Tenant }, ct);
        return DayIn(zone ?? DefaultZone, now);
    }

    public static DateOnly DayIn(string zone, DateTimeOffset now) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);
}
