using Empire.Data;

namespace Empire.Autopilot.Schedule;

internal static class ScheduleTable
{
    /// <returns>The tenant's zone; null while it has no schedule.</returns>
    public static Task<string?> ZoneAsync(Work work, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<string?>("select time_zone from schedules where tenant_id = @Tenant", new { work.Tenant }, ct);

    /// <summary>Gives a tenant its calendar, once: the first scheduled cycle comes at the next midnight of its zone.</summary>
    public static Task AddAsync(Work work, string timeZone, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync(
            "insert into schedules (tenant_id, time_zone, next_day) values (@Tenant, @timeZone, @tomorrow) on conflict (tenant_id) do nothing",
            new { work.Tenant, timeZone, tomorrow = DayIn(timeZone, now).AddDays(1) }, ct);

    public static DateOnly DayIn(string zone, DateTimeOffset now) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);
}
