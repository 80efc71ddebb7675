using Empire.Autopilot.Cycles;
using Empire.Data;
using Empire.Tiers;
using Microsoft.Extensions.Options;

namespace Empire.Autopilot.Schedule;

/// <summary>Starts each tenant's cycle at the midnight of its own zone: that of the account which runs the installation unless it said no, of others if they said yes and
/// their tier has it. The row says which day comes next, so that a node that was down starts the day's
/// cycle on return, once, and replicas share the work without electing one.</summary>
internal sealed partial class DailyCycle(
    Database db, OperatorAccount installation, TierTable tiers, IEnumerable<ICycleStep> steps, IOptionsMonitor<CyclePlan> plan, CycleSignal signal, TimeProvider clock,
    ILogger<DailyCycle> log) : BackgroundService
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookInterval, clock);
        do
        {
            try
            {
                var own = (await installation.FindAsync(stoppingToken))?.Value;
                while (await StartNextAsync(own, stoppingToken)) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogLookFailed(log, e); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <param name="own">The account that runs the installation; null while there is none.</param>
    /// <returns>False when no tenant's day has come.</returns>
    private async Task<bool> StartNextAsync(Guid? own, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        var due = await work.QuerySingleOrDefaultAsync<(Guid Tenant, DateOnly Today)?>(
            """
            select tenant_id, (@now at time zone time_zone)::date from schedules
            where next_day <= (@now at time zone time_zone)::date
              and case when tenant_id = @own then enabled is not false else enabled and tier = any(@allowed) end
              and not kernel.is_closed(tenant_id)
            limit 1 for update skip locked
            """, new { now, own, allowed = TierTable.All.Where(tier => tiers[tier].NightlyCycle).ToArray() }, ct);
        if (due is not { } day) return false;
        await work.ActForAsync(new(day.Tenant), ct);
        var id = await CycleTable.AddAsync(work, day.Today, ("networks", null), "schedule", plan.CurrentValue, "schedule", steps.Select(step => step.Name), now, ct);
        await work.ExecuteAsync("update schedules set next_day = @next where tenant_id = @Tenant", new { work.Tenant, next = day.Today.AddDays(1) }, ct);
        await work.CommitAsync(ct);
        if (id is { } cycle) LogStarted(log, cycle, day.Today, day.Tenant);
        signal.Set();
        return true;
    }

    [LoggerMessage(1, LogLevel.Information, "Daily cycle {Cycle} of {Day} starts for tenant {Tenant}")]
    private static partial void LogStarted(ILogger log, Guid cycle, DateOnly day, Guid tenant);

    [LoggerMessage(2, LogLevel.Error, "Looking for due daily cycles failed")]
    private static partial void LogLookFailed(ILogger log, Exception e);
}

public static class ScheduleExtensions
{
    public static void AddSchedule(this IServiceCollection services)
    {
        services.AddSingleton<TenantCalendar>();
        services.AddHostedService<DailyCycle>();
    }

    public static void MapSchedule(this WebApplication app)
    {
        var schedule = app.MapGroup("/api/v1/autopilot/schedule").WithTags("Schedule");
        schedule.MapGet("", ChangeSchedule.GetAsync).WithName("GetSchedule");
        schedule.MapPut("", ChangeSchedule.PutAsync).WithName("ChangeSchedule").ForRoles("owner", "admin");
    }
}
