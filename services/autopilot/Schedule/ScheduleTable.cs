using Empire.Data;

namespace Empire.Autopilot.Schedule;

internal static class ScheduleTable
{
    /// <summary>The tenant's calendar day; UTC's while the tenant has no schedule yet.</summary>
    public static async Task<DateOnly> TodayAsync(Work work, DateTimeOffset now, CancellationToken ct)
    {
        var zone = await work.QuerySingleOrDefaultAsync<string?>("select time_zone from schedules where tenant_id = @Tenant", new { work.Tenant }, ct);
        return DayIn(zone ?? "UTC", now);
    }

    public static DateOnly DayIn(string zone, DateTimeOffset now) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);
}
