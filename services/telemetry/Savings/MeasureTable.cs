using Empire.Data;

namespace Empire.Telemetry.Savings;

/// <summary>Something that was done to spend less.</summary>
internal sealed record Measure
{
    public Guid Id { get; init; }
    public string Kind { get; init; } = "";
    public Guid AgentId { get; init; }
    public string Hostname { get; init; } = "";
    public int? GpuIndex { get; init; }
    public Guid[] ReplacedBy { get; init; } = [];
    public DateOnly TakenOn { get; init; }
    public long? PromisedMicros { get; init; }
    public string Note { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>These switch something off: then silence is what they were to bring.</summary>
    public bool SilenceIsOff => Kind is "shut_down" or "schedule_shutdown" or "consolidate" or "mig_split";
}

internal static class MeasureTable
{
    private const string Columns = "m.id, m.kind, m.agent_id, a.hostname, m.gpu_index, m.replaced_by, m.taken_on, m.promised_micros, m.note, m.created_at";

    public static Task<IReadOnlyList<Measure>> AllAsync(Work work, CancellationToken ct) => work.QueryAsync<Measure>(
        $"select {Columns} from measures m join agents a on a.tenant_id = m.tenant_id and a.id = m.agent_id where m.tenant_id = current_tenant() order by m.taken_on desc, m.id desc limit 1000", ct: ct);

    public static Task<Measure?> FindAsync(Work work, Guid id, CancellationToken ct) => work.QuerySingleOrDefaultAsync<Measure>(
        $"select {Columns} from measures m join agents a on a.tenant_id = m.tenant_id and a.id = m.agent_id where m.tenant_id = current_tenant() and m.id = @id", new { id }, ct);

    /// <summary>Compares the days before and after.</summary>
    public static async Task<(Measured? Measured, int Days, string? Reason)> CompareAsync(Work work, Measure measure, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(work.Now.UtcDateTime);
        var (first, last) = (measure.TakenOn.AddDays(-Counterfactual.DaysBefore), measure.TakenOn.AddDays(Counterfactual.DaysAfter));
        if (last >= today) last = today.AddDays(-1); // today is not over
        var rows = await work.QueryAsync<Row>(
            """
            select (r.starts_at at time zone 'utc')::date as day, sum(r.cost_micro_ms) / 3600000 as micros, sum(r.ms)::bigint as watched_ms
            from rollups_day r join gpus g on g.id = r.gpu_id
            where g.tenant_id = current_tenant() and r.tenant_id = current_tenant() and r.starts_at >= @from and r.starts_at < @to
              and ((g.agent_id = @AgentId and (@GpuIndex::int is null or g.gpu_index = @GpuIndex)) or g.agent_id = any(@ReplacedBy))
            group by 1
            """, new { from = Start(first), to = Start(last.AddDays(1)), measure.AgentId, measure.GpuIndex, measure.ReplacedBy }, ct);
        var days = rows.ToDictionary(row => row.Day, row => new CostDay(row.Day, (long)decimal.Round(row.Micros, MidpointRounding.ToEven), row.WatchedMs));
        // A day without a word before the measure counts as free: never in its favour. Days before the host was ever seen are none.
        var seen = rows.Where(row => row.Day < measure.TakenOn).Select(row => row.Day).DefaultIfEmpty(measure.TakenOn).Min();
        return Counterfactual.Of(Between(seen, measure.TakenOn.AddDays(-1)), Between(measure.TakenOn.AddDays(1), last), measure.SilenceIsOff, BitConverter.ToInt32(measure.Id.ToByteArray(), 12));

        CostDay[] Between(DateOnly from, DateOnly to) => [.. Enumerable.Range(0, Math.Max(0, to.DayNumber - from.DayNumber + 1)).Select(i => from.AddDays(i)).Select(day => days.GetValueOrDefault(day, new(day, 0, 0)))];
        static DateTime Start(DateOnly day) => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
    }

    private sealed record Row
    {
        public DateOnly Day { get; init; }
        public decimal Micros { get; init; }
        public long WatchedMs { get; init; }
    }
}
