using System.Diagnostics.Metrics;
using Empire.Data;
using Empire.Telemetry.Storage;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Settling;

/// <summary>Compares what is kept of sums with what the samples give: one series after the other, the last whole hour that it has, minute by minute; and the hour and its day with the sums below
/// them. A difference is an error that someone must look into, and is counted.</summary>
internal sealed partial class RollUpCheck : BackgroundService
{
    private const long HourMs = 3_600_000;

    private readonly Database db;
    private readonly SettleOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<RollUpCheck> log;
    private readonly Counter<long> compared, wrong;
    private long last;

    public RollUpCheck(Database db, IOptions<SettleOptions> options, TimeProvider clock, IMeterFactory meters, ILogger<RollUpCheck> log)
    {
        (this.db, this.options, this.clock, this.log) = (db, options.Value, clock, log);
        var meter = meters.Create("Empire.Telemetry");
        compared = meter.CreateCounter<long>("empire.telemetry.rollups.compared", "{hour}", "Hours of a series whose sums were compared with their samples");
        wrong = meter.CreateCounter<long>("empire.telemetry.rollups.wrong", "{hour}", "Hours of a series whose sums are not what their samples give");
    }

    /// <summary>Compares the next series; after the last one comes the first.</summary>
    /// <returns>What is wrong, in words; empty where all is right, null where no series has a whole hour.</returns>
    public async Task<IReadOnlyList<string>?> CompareNextAsync(CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        var series = await NextAsync(work, ct);
        if (series is null && last > 0)
        {
            last = 0;
            series = await NextAsync(work, ct);
        }
        if (series is null) return null;
        last = series.Id;
        var at = series.LastAt.ToUnixTimeMilliseconds();
        var from = DateTimeOffset.FromUnixTimeMilliseconds(at - at % HourMs - HourMs);
        var faults = await CompareAsync(work, series, from, ct);
        compared.Add(1);
        if (faults.Count == 0) return faults;
        wrong.Add(1);
        LogWrong(log, series.Id, from, string.Join("; ", faults));
        return faults;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.CheckEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try { await CompareNextAsync(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
        }
    }

    /// <summary>One that had a sample in the hour before that of its last, so that a whole hour is there.</summary>
    private Task<Series?> NextAsync(Work work, CancellationToken ct) => work.QuerySingleOrDefaultAsync<Series>(
        """
        select g.id, g.tenant_id, g.agent_id, s.last_at from gpus g join gpu_states s on s.gpu_id = g.id
        where g.id > @last and s.last_at >= @since
          and exists (select from rollups_hour h where h.gpu_id = g.id and h.starts_at = date_trunc('hour', s.last_at, 'UTC') - interval '1 hour')
        order by g.id limit 1
        """, new { last, since = clock.GetUtcNow().UtcDateTime.AddDays(-Math.Min(options.FreeDays, Math.Min(options.ProfessionalDays, options.EnterpriseDays)) + 1) }, ct);

    /// <summary>In one statement, so that samples and sums are of one moment; what is logged and not settled yet is in neither.</summary>
    private static async Task<List<string>> CompareAsync(Work work, Series series, DateTimeOffset from, CancellationToken ct)
    {
        var (to, day) = (from.AddHours(1), from.Date);
        var rows = await work.QueryAsync<Row>(
            """
            select 'samples' as kind, null::timestamptz as starts_at, c.data, null::bigint[] as sums from chunks c where c.gpu_id = @Id and c.starts_at < @to and c.ends_at >= @from
            union all
            select 'samples', null, u.block, null from intake i join settlements s on s.tenant_id = i.tenant_id and s.agent_id = i.agent_id cross join lateral unpack_intake(i.data) u
              where i.tenant_id = @TenantId and i.agent_id = @AgentId and i.id <= s.settled_to and u.gpu_id = @Id
            union all
            select 'minute', m.starts_at, null, array[m.samples, m.util_sum, m.util_max, m.mem_used_sum, m.mem_used_max, m.temperatures, m.temperature_sum, m.powers, m.power_sum]
              from rollups_minute m where m.gpu_id = @Id and m.starts_at >= @from and m.starts_at < @to
            union all
            select 'hour', null, null, array[h.samples, h.ms, h.util_sum, h.mem_used_sum, h.energy_mj, h.idle_ms, h.cost_micro_ms, h.waste_micro_ms] from rollups_hour h where h.gpu_id = @Id and h.starts_at = @from
            union all
            select 'minutes of the hour', null, null, array[sum(m.samples), sum(m.ms), sum(m.util_sum), sum(m.mem_used_sum), sum(m.energy_mj), sum(m.idle_ms), sum(m.cost_micro_ms), sum(m.waste_micro_ms)]::bigint[]
              from rollups_minute m where m.gpu_id = @Id and m.starts_at >= @from and m.starts_at < @to
            union all
            select 'day', null, null, array[d.samples, d.ms, d.util_sum, d.mem_used_sum, d.energy_mj, d.idle_ms, d.cost_micro_ms, d.waste_micro_ms] from rollups_day d where d.gpu_id = @Id and d.starts_at = @day
            union all
            select 'hours of the day', null, null, array[sum(h.samples), sum(h.ms), sum(h.util_sum), sum(h.mem_used_sum), sum(h.energy_mj), sum(h.idle_ms), sum(h.cost_micro_ms), sum(h.waste_micro_ms)]::bigint[]
              from rollups_hour h where h.gpu_id = @Id and h.starts_at >= @day and h.starts_at < @day + interval '1 day'
            """, new { series.Id, series.TenantId, series.AgentId, from = from.UtcDateTime, to = to.UtcDateTime, day = DateTime.SpecifyKind(day, DateTimeKind.Utc) }, ct);
        var meter = new GpuMeter(new(), TimeSpan.FromSeconds(1), new());
        foreach (var row in rows.Where(row => row.Kind == "samples")) meter.Read(BlockCodec.Read(row.Data!));
        var given = meter.Minutes.Where(minute => minute.Key >= from.ToUnixTimeMilliseconds() && minute.Key < to.ToUnixTimeMilliseconds()).ToDictionary(minute => minute.Key, minute => SumsOf(minute.Value));
        var kept = rows.Where(row => row.Kind == "minute").ToDictionary(row => row.StartsAt!.Value.ToUnixTimeMilliseconds(), row => row.Sums!);
        List<string> faults = [];
        foreach (var minute in given.Keys.Union(kept.Keys).Order())
            Compare($"minute {DateTimeOffset.FromUnixTimeMilliseconds(minute):HH:mm}", given.GetValueOrDefault(minute), kept.GetValueOrDefault(minute), "its samples");
        Compare("hour", Of("minutes of the hour"), Of("hour"), "its minutes");
        Compare("day", Of("hours of the day"), Of("day"), "its hours");
        return faults;

        long[]? Of(string kind) => rows.SingleOrDefault(row => row.Kind == kind)?.Sums;
        void Compare(string what, long[]? right, long[]? found, string of)
        {
            if (!(right ?? []).SequenceEqual(found ?? [])) faults.Add($"{what} has {string.Join(' ', found ?? [])}, {of} give {string.Join(' ', right ?? [])}");
        }
    }

    /// <summary>Those that do not depend on the sample before.</summary>
    private static long[] SumsOf(RollUp minute) =>
        [minute.Samples, minute.UtilSum, minute.UtilMax, minute.MemUsedSum, minute.MemUsedMax, minute.Temperatures, minute.TemperatureSum, minute.Powers, minute.PowerSum];

    [LoggerMessage(1, LogLevel.Error, "Sums of series {Series} in the hour from {From} are not what is below them: {Faults}")]
    private static partial void LogWrong(ILogger log, long series, DateTimeOffset from, string faults);

    [LoggerMessage(2, LogLevel.Warning, "Comparing sums with samples failed")] private static partial void LogFailed(ILogger log, Exception e);

    private sealed record Series
    {
        public long Id { get; init; }
        public Guid TenantId { get; init; }
        public Guid AgentId { get; init; }
        public DateTimeOffset LastAt { get; init; }
    }

    private sealed record Row
    {
        public string Kind { get; init; } = "";
        public DateTimeOffset? StartsAt { get; init; }
        public byte[]? Data { get; init; }
        public long[]? Sums { get; init; }
    }
}
