using Empire.Data;

namespace Empire.Autopilot.Schedule;

internal static class ScheduleTable
{
    /// <returns>Null while the tenant has no schedule.</returns>
    public static Task<ScheduleRow?> FindAsync(Work work, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<ScheduleRow>("select time_zone, next_day, enabled from schedules where tenant_id = @Tenant", new { work.Tenant }, ct);

    /// <summary>Gives a tenant its calendar, once: the first scheduled cycle comes at the next midnight of its zone, if any comes.</summary>
    /// <param name="tier">And when it was so.</param>
    public static Task AddAsync(Work work, string timeZone, (string Name, DateTimeOffset Told) tier, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync(
            "insert into schedules (tenant_id, time_zone, next_day, tier, tier_told_at) values (@Tenant, @timeZone, @tomorrow, @Name, @Told) on conflict (tenant_id) do nothing",
            new { work.Tenant, timeZone, tomorrow = DayIn(timeZone, now).AddDays(1), tier.Name, tier.Told }, ct);

    /// <summary>The later word holds, whichever is heard first. A tenant without a calendar gets its tier with it.</summary>
    public static Task TierAsync(Work work, string tier, DateTimeOffset at, CancellationToken ct) =>
        work.ExecuteAsync(
            "update schedules set tier = @tier, tier_told_at = @at where tenant_id = @Tenant and (tier_told_at is null or tier_told_at <= @at)", new { work.Tenant, tier, at }, ct);

    /// <summary>Turned on, it begins with the next midnight: the nights it was off are over.</summary>
    public static Task TurnAsync(Work work, bool enabled, DateOnly tomorrow, CancellationToken ct) =>
        work.ExecuteAsync(
            "update schedules set next_day = case when @enabled then greatest(next_day, @tomorrow) else next_day end, enabled = @enabled where tenant_id = @Tenant",
            new { work.Tenant, enabled, tomorrow }, ct);

    /// <summary>The nights until then are over.</summary>
    public static Task SkipToAsync(Work work, DateOnly day, CancellationToken ct) =>
        work.ExecuteAsync("update schedules set next_day = greatest(next_day, @day) where tenant_id = @Tenant", new { work.Tenant, day }, ct);

    public static DateOnly DayIn(string zone, DateTimeOffset now) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);
}

/// <summary>A tenant's calendar.</summary>
internal sealed record ScheduleRow
{
    public string TimeZone { get; init; } = "";

    /// <summary>Of the next cycle that starts by itself, if one does.</summary>
    public DateOnly NextDay { get; init; }

    /// <summary>Null while nobody has said: on for the operator's account, off for others.</summary>
    public bool? Enabled { get; init; }
}
