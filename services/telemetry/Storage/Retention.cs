using Empire.Data;
using Empire.Telemetry.Settling;
using Empire.Tiers;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Storage;

/// <summary>Keeps partitions ready for the days to come, and lets samples and sums go when their account's tier no longer keeps them: the longest tier by dropping partitions, the
/// shorter ones row by row.</summary>
internal sealed partial class Retention(Partitions partitions, Database db, IOptions<SettleOptions> options, TimeProvider clock, ILogger<Retention> log) : BackgroundService
{
    /// <summary>Months past that have partitions. Samples may be 30 days old when they come: from the first of March, that is January.</summary>
    private const int MonthsBehind = 2;

    private readonly int longest = options.Value.LongestDays;

    public async Task SweepAsync(CancellationToken ct)
    {
        await EnsureAsync(ct);
        (string Tier, int Days)[] tiers = [(TierTable.Free, options.Value.FreeDays), (TierTable.Professional, options.Value.ProfessionalDays), (TierTable.Enterprise, options.Value.EnterpriseDays)];
        foreach (var (tier, days) in tiers)
        {
            await using var work = await db.BeginSystemAsync(ct);
            var (before, hoursBefore) = (work.Now.UtcDateTime.AddDays(-days), work.Now.UtcDateTime.AddDays(-days * SettleOptions.HoursLonger));
            // What goes on goes with those of whom nothing was heard for as long: a machine that was given back never ends anything.
            await work.ExecuteAsync(
                """
                delete from gpu_events e using agents a where a.tenant_id = e.tenant_id and a.id = e.agent_id and e.tenant_id in (select tenant_id from accounts where tier = @tier)
                  and coalesce(e.ended_at, case when e.kind in ('gpu_lost', 'agent_lost') then e.since else a.last_seen_at end) < @hoursBefore
                """, new { tier, hoursBefore }, ct);
            await work.ExecuteAsync(
                """
                delete from gpu_states s using gpus g join agents a on a.tenant_id = g.tenant_id and a.id = g.agent_id where g.id = s.gpu_id and s.last_at < @hoursBefore
                  and (s.gone_at is not null or a.last_seen_at < @hoursBefore) and g.tenant_id in (select tenant_id from accounts where tier = @tier)
                """, new { tier, hoursBefore }, ct);
            if (days < longest)
            {
                await work.ExecuteAsync(
                    """
                    delete from chunks where stored_at < @before and gpu_id in (select g.id from gpus g join accounts a on a.tenant_id = g.tenant_id where a.tier = @tier);
                    delete from rollups_minute where starts_at < @before and gpu_id in (select g.id from gpus g join accounts a on a.tenant_id = g.tenant_id where a.tier = @tier);
                    delete from rollups_hour where starts_at < @hoursBefore and gpu_id in (select g.id from gpus g join accounts a on a.tenant_id = g.tenant_id where a.tier = @tier)
                    """, new { tier, before, hoursBefore }, ct);
            }
            await work.CommitAsync(ct);
        }
    }

    /// <summary>The first batch already finds its day.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await EnsureAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try { await SweepAsync(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
        }
    }

    private async Task EnsureAsync(CancellationToken ct)
    {
        // Sums need months that are past; chunks go by the day they are stored, so no day before today is ever needed for them.
        await partitions.EnsureAsync(new("chunks", PartitionSpan.Day, Ahead: 7, Keep: longest), ct);
        await partitions.EnsureAsync(new("rollups_minute", PartitionSpan.Month, Ahead: 2, Keep: Math.Max(MonthsBehind, 1 + longest / 28), Behind: MonthsBehind), ct);
        await partitions.EnsureAsync(new("rollups_hour", PartitionSpan.Month, Ahead: 2, Keep: Math.Max(MonthsBehind, 1 + longest * SettleOptions.HoursLonger / 28), Behind: MonthsBehind), ct);
    }

    [LoggerMessage(1, LogLevel.Warning, "Sweeping old samples failed")]
    private static partial void LogFailed(ILogger log, Exception e);
}
