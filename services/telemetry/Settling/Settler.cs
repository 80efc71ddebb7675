using System.Diagnostics.Metrics;
using System.Text.Json;
using Empire.Data;
using Empire.Http;
using Empire.Telemetry.Events;
using Empire.Telemetry.Ingest;
using Empire.Telemetry.Lineage;
using Empire.Telemetry.RemoteWrite;
using Empire.Telemetry.Storage;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Empire.Telemetry.Settling;

/// <summary>Makes of logged batches what people ask for: sums by minute, hour and day, costs of jobs, the last values, events; and in time packs the samples into chunks. An agent's
/// mark moves in the transaction that writes all of it, so each sample counts once, whatever crashes. Several replicas share the agents. While samples come in faster than usual it stands back, for a
/// bounded time: what is not stored yet can be lost, what is not summed yet cannot. An agent whose samples cannot be settled is set aside for a while that grows, and everybody else goes on.</summary>
internal sealed partial class Settler(Database db, SettleSignal signal, Inflow inflow, IOptions<SettleOptions> options, IOptions<RemoteWriteOptions> remote, IMeterFactory instruments, ILogger<Settler> log) : BackgroundService
{
    private readonly Counter<long> failed = instruments.Create("Empire.Telemetry").CreateCounter<long>(
        "empire.telemetry.settling.failed", "{turn}", "Turns in which an agent's samples could not be settled; the agent is set aside for a while");

    private const int RowsAtOnce = 200; // of one agent in one transaction: up to 200,000 samples
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100); // whether there is still a press

    private bool IsPressed => options.Value.StandBack > TimeSpan.Zero && inflow.PerSecond >= options.Value.StandBackAt;

    /// <summary>Settles one agent that has something new, or packs one whose samples have waited long enough.</summary>
    /// <returns>False: there is none.</returns>
    public async Task<bool> SettleOneAsync(CancellationToken ct)
    {
        Due? agent = null;
        try
        {
            await using var work = await db.BeginSystemAsync(ct);
            agent = await ClaimAsync(work, ct);
            if (agent is null) return false;
            await SettleAsync(work, agent, ct);
            return true;
        }
        catch (Exception e) when (agent is not null && !ct.IsCancellationRequested)
        {
            await SetAsideAsync(agent, e, ct); // in a transaction of its own: that of the turn is gone
            return true;
        }
    }

    private async Task SettleAsync(Work work, Due agent, CancellationToken ct)
    {
        await work.ActForAsync(new(agent.TenantId), ct);
        var logged = await work.QueryAsync<LoggedRow>(
            "select id, received_at, samples, data, coalesce(interval_seconds, @IntervalSeconds) as interval_seconds from intake where tenant_id = @TenantId and agent_id = @Id and id > @SettledTo order by id limit @RowsAtOnce",
            new { agent.TenantId, agent.Id, agent.SettledTo, agent.IntervalSeconds, RowsAtOnce }, ct);
        var rows = logged.TakeWhile(row => row.IntervalSeconds == logged[0].IntervalSeconds).ToArray(); // what was measured more or less often is for the next turn
        var settledTo = agent.SettledTo;
        if (rows.Length > 0)
        {
            settledTo = rows[^1].Id;
            await SettleAsync(work, agent, rows, ct);
        }
        var unpacked = agent.Unpacked + rows.Sum(row => row.Samples);
        var since = agent.UnpackedSince ?? (rows.Length > 0 ? rows[0].ReceivedAt : null);
        if (unpacked >= options.Value.PackSamples || since < work.Now - options.Value.PackAfter)
        {
            await PackAsync(work, agent, settledTo, ct);
            (unpacked, since) = (0, null);
        }
        await work.ExecuteAsync(
            "update settlements set settled_to = @settledTo, unpacked = @unpacked, unpacked_since = @since, failures = 0, failed_at = null, failure = null, retry_at = null where tenant_id = @TenantId and agent_id = @Id",
            new { agent.TenantId, agent.Id, settledTo, unpacked, since = since?.UtcDateTime }, ct);
        if (agent.UnsettledSince is not null) // last, since batches of this agent wait for its row; where no row is left of what it stored, there is nothing to settle
            await work.ExecuteAsync("update agents set unsettled_since = case when stored_to > @upTo then @Now::timestamptz end where tenant_id = @TenantId and id = @Id",
                new { agent.TenantId, agent.Id, upTo = rows.Length > 0 ? settledTo : agent.StoredTo, Now = work.Now.UtcDateTime }, ct);
        await work.CommitAsync(ct);
        if (agent.Failures > 0) LogHealed(log, agent.TenantId, agent.Id, agent.Failures);
    }

    /// <summary>Puts the next try off, for every replica: whatever one agent sends, the others' samples are summed.</summary>
    private async Task SetAsideAsync(Due agent, Exception e, CancellationToken ct)
    {
        const int Longest = 500;
        await using var work = await db.BeginSystemAsync(ct);
        await work.ActForAsync(new(agent.TenantId), ct);
        var (failures, failure) = (agent.Failures + 1, $"{e.GetType().Name}: {e.Message}");
        var retryAt = work.Now + options.Value.PauseAfter(failures);
        await work.ExecuteAsync(
            """
            update settlements set failures = @failures, failed_at = @Now, failure = @failure, retry_at = @retryAt where tenant_id = @TenantId and agent_id = @Id;
            update agents set unsettled_since = @retryAt where tenant_id = @TenantId and id = @Id and unsettled_since is not null
            """, new { agent.TenantId, agent.Id, failures, failure = failure.Length > Longest ? failure[..Longest] : failure, Now = work.Now.UtcDateTime, retryAt = retryAt.UtcDateTime }, ct);
        await work.CommitAsync(ct);
        failed.Add(1);
        LogSetAside(log, agent.TenantId, agent.Id, failures, retryAt, e);
    }

    /// <summary>Who has waited longest to be settled; where nobody has, whose samples have waited longest to be packed. Who is set aside is due when its pause is over.</summary>
    private async Task<Due?> ClaimAsync(Work work, CancellationToken ct)
    {
        var waits = IsPressed ? options.Value.StandBack : TimeSpan.Zero;
        return await work.QuerySingleOrDefaultAsync<Due>(
            """
            select a.tenant_id, a.id, a.hostname, a.interval_seconds, a.stored_to, a.unsettled_since, s.settled_to, s.unpacked, s.unpacked_since, s.failures
            from agents a join settlements s on s.tenant_id = a.tenant_id and s.agent_id = a.id
            where a.unsettled_since <= @before and (s.retry_at is null or s.retry_at <= @Now) order by a.unsettled_since limit 1 for update of s skip locked
            """, new { before = (work.Now - waits).UtcDateTime, Now = work.Now.UtcDateTime }, ct)
        ?? await work.QuerySingleOrDefaultAsync<Due>(
            """
            select a.tenant_id, a.id, a.hostname, a.interval_seconds, s.settled_to, s.unpacked, s.unpacked_since, s.failures
            from settlements s join agents a on a.tenant_id = s.tenant_id and a.id = s.agent_id
            where s.unpacked_since < @before and (s.retry_at is null or s.retry_at <= @Now) order by s.unpacked_since limit 1 for update of s skip locked
            """, new { before = (work.Now - options.Value.PackAfter - waits).UtcDateTime, Now = work.Now.UtcDateTime }, ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await SettleOneAsync(stoppingToken)) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
            catch (OperationCanceledException) { return; }
            if (!IsPressed) await signal.WaitAsync(options.Value.LookEvery, stoppingToken);
            try { await Task.Delay(IsPressed && options.Value.Gather < Glance ? Glance : options.Value.Gather, stoppingToken); }
            catch (OperationCanceledException) { return; }
        }
    }

    private async Task SettleAsync(Work work, Due agent, IReadOnlyList<LoggedRow> rows, CancellationToken ct)
    {
        var blocks = Merge(rows);
        var gpus = (await work.QueryAsync<Gpu>(
            """
            select g.id, g.gpu_index, g.mig_instance, g.gpu_name, s.state::text as state from gpus g left join gpu_states s on s.gpu_id = g.id where g.tenant_id = @TenantId and g.id = any(@ids)
            """, new { agent.TenantId, ids = blocks.Keys.ToArray() }, ct)).ToDictionary(gpu => gpu.Id);
        List<(Guid, long, long, RollUp)> minutes = [], hours = [], days = [];
        var (jobs, states, findings) = (new List<JobRow>(), new List<StateRow>(), new List<(long, Finding)>());
        var meters = Metered(blocks, gpus, TimeSpan.FromSeconds(rows[0].IntervalSeconds));
        foreach (var (id, block) in blocks)
        {
            var (gpu, meter) = (gpus[id], meters[id]);
            foreach (var (start, sums) in meter.Minutes) minutes.Add((agent.TenantId, id, start, sums));
            hours.AddRange(Merged(meter.Minutes, 3_600_000).Select(hour => (agent.TenantId, id, hour.Key, hour.Value)));
            days.AddRange(Merged(meter.Minutes, 86_400_000).Select(day => (agent.TenantId, id, day.Key, day.Value)));
            jobs.AddRange(meter.Jobs.Select(job => new JobRow(job.Key.Job, id, job.Key.Day, job.Value.Ms, job.Value.CostMicroMs, job.Value.EnergyMj)));
            states.Add(StateRow.Of(id, block, meter.State));
            foreach (var finding in meter.Findings)
            {
                GpuFacts.Publish(work, new(agent.TenantId, agent.Id, agent.Hostname, gpu.GpuIndex, gpu.MigInstance, gpu.GpuName), finding);
                findings.Add((id, finding));
            }
        }
        await RollUpTable.AddAsync(work, RollUpStep.Minute, minutes, ct);
        await RollUpTable.AddAsync(work, RollUpStep.Hour, hours, ct);
        await RollUpTable.AddAsync(work, RollUpStep.Day, days, ct);
        await SaveAsync(work, agent, jobs, states, ct);
        await GpuEventTable.SaveAsync(work, agent.TenantId, agent.Id, findings, ct);
        await PieceCostTable.AddAsync(work, agent.TenantId, jobs.Select(job => (job.Job, job.Ms, job.CostMicroMs, job.EnergyMj)), ct);
        if (remote.Value.IsOn) await ForwardTable.AddAsync(work, agent.TenantId, agent.Id, blocks.Select(block => (block.Key, block.Value)), ct);
    }

    /// <summary>Reads all series of an agent; a GPU before its instances, since it gives them their energy.</summary>
    private Dictionary<long, GpuMeter> Metered(SortedDictionary<long, GpuBlock> blocks, Dictionary<long, Gpu> gpus, TimeSpan interval)
    {
        var (meters, given) = (new Dictionary<long, GpuMeter>(blocks.Count), new Dictionary<long, long[]>());
        var instances = blocks.Where(block => gpus[block.Key].MigInstance >= 0).ToLookup(block => gpus[block.Key].GpuIndex);
        foreach (var (id, block) in blocks.OrderBy(block => gpus[block.Key].MigInstance >= 0))
        {
            var gpu = gpus[id];
            var before = gpu.State is null ? new() : JsonSerializer.Deserialize<GpuState>(gpu.State, SnakeCaseJson.Options)!;
            var meter = meters[id] = new(before, interval, options.Value, part: gpu.MigInstance >= 0);
            if (gpu.MigInstance >= 0 || !instances.Contains(gpu.GpuIndex))
            {
                meter.Read(block, given: given.GetValueOrDefault(id));
                continue;
            }
            var parts = instances[gpu.GpuIndex].ToArray();
            var split = new MigEnergy(block, [.. parts.Select(part => (gpus[part.Key].GpuName, part.Value))]);
            meter.Read(block, split);
            for (var i = 0; i < parts.Length; i++) given[parts[i].Key] = Sum(given.GetValueOrDefault(parts[i].Key), split.Of(i)); // of each card that was in this place
        }
        return meters;

        static long[] Sum(long[]? before, long[] more) => before is null ? more : [.. before.Zip(more, (a, b) => a + b)];
    }

    /// <summary>The samples of each series, one behind the other.</summary>
    private static SortedDictionary<long, GpuBlock> Merge(IReadOnlyList<LoggedRow> rows)
    {
        var merged = new SortedDictionary<long, GpuBlock>();
        foreach (var row in rows)
        {
            foreach (var (gpu, block) in BatchFrame.Read(row.Data))
            {
                if (merged.TryGetValue(gpu, out var all)) all.Append(block);
                else merged[gpu] = block;
            }
        }
        return merged;
    }

    private static SortedDictionary<long, RollUp> Merged(SortedDictionary<long, RollUp> minutes, long spanMs)
    {
        var merged = new SortedDictionary<long, RollUp>();
        foreach (var (start, sums) in minutes)
        {
            var at = start - (start % spanMs + spanMs) % spanMs;
            if (!merged.TryGetValue(at, out var all)) merged[at] = all = new();
            all.Add(sums);
        }
        return merged;
    }

    private static async Task SaveAsync(Work work, Due agent, List<JobRow> jobs, List<StateRow> states, CancellationToken ct)
    {
        jobs.Sort((a, b) => string.CompareOrdinal(a.Job, b.Job) is not 0 and var byJob ? byJob : (a.Gpu, a.Day).CompareTo((b.Gpu, b.Day))); // the order of the key, in every replica
        await work.ExecuteAsync(
            """
            insert into job_costs as kept (tenant_id, job_id, gpu_id, day, ms, cost_micro_ms, energy_mj)
            select @TenantId, j.* from unnest(@jobs, @gpus, @days, @ms, @costs, @energies) as j
            on conflict (tenant_id, job_id, gpu_id, day) do update set ms = kept.ms + excluded.ms, cost_micro_ms = kept.cost_micro_ms + excluded.cost_micro_ms, energy_mj = kept.energy_mj + excluded.energy_mj;
            insert into gpu_states as s (gpu_id, tenant_id, last_at, rate_micros, latest, state)
            select n.gpu_id, @TenantId, n.last_at, n.rate, n.latest::jsonb, n.state::jsonb from unnest(@ids, @lasts, @rates, @latest, @states) as n (gpu_id, last_at, rate, latest, state)
            on conflict (gpu_id) do update set state = excluded.state, last_at = greatest(s.last_at, excluded.last_at),
              rate_micros = case when excluded.last_at >= s.last_at then excluded.rate_micros else s.rate_micros end, latest = case when excluded.last_at >= s.last_at then excluded.latest else s.latest end
            """,
            new
            {
                agent.TenantId, jobs = jobs.Select(job => job.Job).ToArray(), gpus = jobs.Select(job => job.Gpu).ToArray(),
                days = jobs.Select(job => DateTime.UnixEpoch.AddDays(job.Day).Date).Select(DateOnly.FromDateTime).ToArray(), ms = jobs.Select(job => job.Ms).ToArray(),
                costs = jobs.Select(job => job.CostMicroMs).ToArray(), energies = jobs.Select(job => job.EnergyMj).ToArray(), ids = states.Select(state => state.Gpu).ToArray(),
                lasts = states.Select(state => state.LastAt).ToArray(), rates = states.Select(state => state.Rate).ToArray(), latest = states.Select(state => state.Latest).ToArray(),
                states = states.Select(state => state.State).ToArray(),
            }, ct);
    }

    private static async Task PackAsync(Work work, Due agent, long upTo, CancellationToken ct)
    {
        var rows = await work.QueryAsync<LoggedRow>("select id, received_at, samples, data from intake where tenant_id = @TenantId and agent_id = @Id and id <= @upTo order by id",
            new { agent.TenantId, agent.Id, upTo }, ct);
        if (rows.Count == 0) return;
        var (gpus, starts, ends, counts, data) = (new List<long>(), new List<DateTime>(), new List<DateTime>(), new List<int>(), new List<byte[]>());
        var bytes = new ByteWriter();
        foreach (var (gpu, block) in Merge(rows))
        {
            for (var from = 0; from < block.Count; from += ChunkSize)
            {
                var count = Math.Min(ChunkSize, block.Count - from);
                BlockCodec.Write(bytes, block, from, count);
                var times = block.Times.AsSpan(from, count);
                var (first, last) = (times[0], times[0]);
                foreach (var time in times) (first, last) = (Math.Min(first, time), Math.Max(last, time));
                gpus.Add(gpu);
                starts.Add(DateTimeOffset.FromUnixTimeMilliseconds(first).UtcDateTime);
                ends.Add(DateTimeOffset.FromUnixTimeMilliseconds(last).UtcDateTime);
                counts.Add(count);
                data.Add(bytes.Written.ToArray());
                bytes.Clear();
            }
        }
        // Not by COPY: PostgreSQL has none into a table with row-level security.
        await using (var insert = new NpgsqlCommand(
            "insert into chunks (tenant_id, gpu_id, starts_at, ends_at, stored_at, samples, data) select $1, c.gpu_id, c.starts_at, c.ends_at, $2, c.samples, c.data from unnest($3, $4, $5, $6, $7) as c (gpu_id, starts_at, ends_at, samples, data)",
            work.Connection, work.Transaction))
        {
            insert.Parameters.Add(new() { Value = agent.TenantId });
            insert.Parameters.Add(new() { Value = work.Now.UtcDateTime });
            insert.Parameters.Add(new() { Value = gpus.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
            insert.Parameters.Add(new() { Value = starts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
            insert.Parameters.Add(new() { Value = ends.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
            insert.Parameters.Add(new() { Value = counts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
            insert.Parameters.Add(new() { Value = data.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
            await insert.ExecuteNonQueryAsync(ct);
        }
        await work.ExecuteAsync("delete from intake where tenant_id = @TenantId and agent_id = @Id and id <= @upTo", new { agent.TenantId, agent.Id, upTo }, ct);
    }

    private const int ChunkSize = 1_000;

    [LoggerMessage(1, LogLevel.Warning, "Settling samples failed; they wait for the next turn")]
    private static partial void LogFailed(ILogger log, Exception e);

    [LoggerMessage(2, LogLevel.Error, "Samples of agent {Agent} of account {Tenant} cannot be settled ({Failures} times in a row); the next try is at {RetryAt}")]
    private static partial void LogSetAside(ILogger log, Guid tenant, Guid agent, int failures, DateTimeOffset retryAt, Exception e);

    [LoggerMessage(3, LogLevel.Information, "Samples of agent {Agent} of account {Tenant} are settled again, after {Failures} failures")]
    private static partial void LogHealed(ILogger log, Guid tenant, Guid agent, int failures);

    private sealed record Due
    {
        public Guid TenantId { get; init; }
        public Guid Id { get; init; }
        public string Hostname { get; init; } = "";
        public int IntervalSeconds { get; init; }
        public long StoredTo { get; init; }
        public DateTimeOffset? UnsettledSince { get; init; }
        public long SettledTo { get; init; }
        public int Unpacked { get; init; }
        public DateTimeOffset? UnpackedSince { get; init; }
        public int Failures { get; init; }
    }

    private sealed record LoggedRow
    {
        public long Id { get; init; }
        public DateTimeOffset ReceivedAt { get; init; }
        public int Samples { get; init; }
        public byte[] Data { get; init; } = [];

        /// <summary>Where it is read to be summed.</summary>
        public int IntervalSeconds { get; init; }
    }

    private sealed record Gpu
    {
        public long Id { get; init; }
        public int GpuIndex { get; init; }
        public int MigInstance { get; init; }
        public string GpuName { get; init; } = "";
        public string? State { get; init; }
    }

    private sealed record JobRow(string Job, long Gpu, long Day, long Ms, long CostMicroMs, long EnergyMj);

    private sealed record StateRow(long Gpu, DateTime LastAt, long Rate, string Latest, string State)
    {
        public static StateRow Of(long gpu, GpuBlock block, GpuState state)
        {
            var newest = 0;
            for (var i = 1; i < block.Count; i++)
                if (block.Times[i] >= block.Times[newest]) newest = i;
            var latest = LatestSample.Of(block, newest);
            var rate = block[Metric.Rate, newest];
            return new(gpu, DateTimeOffset.FromUnixTimeMilliseconds(block.Times[newest]).UtcDateTime, rate == Metrics.Unknown ? 0 : rate, JsonSerializer.Serialize(latest, SnakeCaseJson.Options), JsonSerializer.Serialize(state, SnakeCaseJson.Options));
        }
    }
}
