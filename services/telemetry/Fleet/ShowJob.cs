using Empire.Data;
using Empire.Http;
using Empire.Telemetry.Carbon;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Telemetry.Fleet;

/// <summary>What pieces of work cost: <c>GET /api/v1/telemetry/jobs</c> and <c>/jobs/{id}</c>. Jobs and what nobody used sum to the GPUs' cost exactly.</summary>
public static class ShowJob
{
    /// <param name="JobId">Null: time that no job had.</param>
    /// <param name="GpuHours">Hours of whole GPUs: half a GPU for an hour is 0.5.</param>
    /// <param name="Cost">US dollars.</param>
    public sealed record Job(string? JobId, decimal GpuHours, decimal Cost, decimal EnergyKwh, DateOnly From, DateOnly To);

    public sealed record Part(Guid AgentId, string Hostname, int GpuIndex, int? MigInstance, string GpuName, decimal GpuHours, decimal Cost, decimal EnergyKwh);

    /// <example>{"total": {"job_id": "train-embeddings", "gpu_hours": 6, "cost": 14.88, "energy_kwh": 0.4692, "from": "2026-03-01", "to": "2026-03-02"},
    /// "gpus": [{"agent_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9012", "hostname": "trainer-1", "gpu_index": 0, "mig_instance": null, "gpu_name": "Tesla V100", "gpu_hours": 6, "cost": 14.88,
    /// "energy_kwh": 0.4692}], "emissions": {"co2e_kg": 0.193648, "energy_kwh": 0.4692, "energy_kwh_without_factor": 0, "by_region": [{"provider": "gcp", "region": "us-central1",
    /// "energy_kwh": 0.4692, "grams_per_kwh": 412.72, "year": 2024, "source": "G", "co2e_kg": 0.193648, "note": null}]}}</example>
    public sealed record Response(Job Total, IReadOnlyList<Part> Gpus, Emissions Emissions);

    /// <param name="Cost">US dollars of all in the period, jobs and nobody, whatever this page shows.</param>
    /// <param name="NextCursor">The <c>cursor</c> of the next page; null on the last.</param>
    /// <example>{"cost": 1785.6, "jobs": [{"job_id": null, "gpu_hours": 714, "cost": 1770.72, "energy_kwh": 55.8348, "from": "2026-02-01", "to": "2026-03-02"},
    /// {"job_id": "train-embeddings", "gpu_hours": 6, "cost": 14.88, "energy_kwh": 0.4692, "from": "2026-03-01", "to": "2026-03-02"}], "next_cursor": null}</example>
    public sealed record All(decimal Cost, IReadOnlyList<Job> Jobs, string? NextCursor);

    private const string Sums = "sum(ms) as ms, sum(cost_micro_ms) as cost, sum(energy_mj) as energy, min(day) as first, max(day) as last";

    /// <summary>The dearest first; of the same cost by name.</summary>
    /// <param name="from">First day, in UTC; default: the first there is.</param>
    /// <param name="to">Last day; default: today.</param>
    public static async Task<All> ListAsync(DateOnly? from, DateOnly? to, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        if (from > to) throw new InvalidFieldException("from", "wanted: not after to.");
        var after = page.After<(decimal Cost, string Job)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var parameters = new { tenant = caller.Tenant.Value, from, to, afterCost = after?.Cost, afterJob = after?.Job, limit = page.Fetch };
        var rows = await work.QueryAsync<Row>(
            $"""
            select * from (
              select job_id, {Sums} from job_costs where tenant_id = @tenant and (@from::date is null or day >= @from) and (@to::date is null or day <= @to) group by job_id
            ) j where @afterCost::numeric is null or cost < @afterCost or (cost = @afterCost and job_id > @afterJob)
            order by cost desc, job_id limit @limit
            """, parameters, ct);
        var all = await work.QuerySingleAsync<decimal>(
            "select coalesce(sum(cost_micro_ms), 0) from job_costs where tenant_id = @tenant and (@from::date is null or day >= @from) and (@to::date is null or day <= @to)", parameters, ct);
        var shown = page.ToPage(rows, row => (row.Cost, row.JobId));
        return new(Dollars.OfTime(all), [.. shown.Data.Select(row => row.ToJob())], shown.NextCursor);
    }

    internal static async Task<Results<Ok<Response>, NotFound>> HandleAsync(string id, Caller caller, Database db, CarbonBook carbon, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var parameters = new { tenant = caller.Tenant.Value, id };
        var job = await work.QuerySingleOrDefaultAsync<Row>($"select job_id, {Sums} from job_costs where tenant_id = @tenant and job_id = @id group by job_id", parameters, ct);
        if (job is null || id.Length == 0) return TypedResults.NotFound();
        var parts = await work.QueryAsync<PartRow>(
            """
            select g.agent_id, a.hostname, a.provider, a.region, a.labels::text as labels, g.gpu_index, g.mig_instance, g.gpu_name, j.ms, j.cost, j.energy from (
              select gpu_id, sum(ms) as ms, sum(cost_micro_ms) as cost, sum(energy_mj) as energy from job_costs where tenant_id = @tenant and job_id = @id group by gpu_id
            ) j join gpus g on g.id = j.gpu_id join agents a on a.tenant_id = g.tenant_id and a.id = g.agent_id order by j.cost desc, g.id
            """, parameters, ct);
        var book = await CarbonFactors.BookAsync(work, carbon, ct);
        return TypedResults.Ok(new Response(job.ToJob(), [.. parts.Select(part => part.ToPart())], Emissions.Of(parts.Select(part => (part.Provider, part.Region, part.Labels, part.Energy)), book)));
    }

    private static decimal Hours(decimal ms) => decimal.Round(ms / 3_600_000m, 6);

    private static decimal Kwh(decimal mj) => decimal.Round(mj / 3_600_000_000m, 6);

    private sealed record Row
    {
        public string JobId { get; init; } = "";
        public decimal Ms { get; init; }
        public decimal Cost { get; init; }
        public decimal Energy { get; init; }
        public DateOnly First { get; init; }
        public DateOnly Last { get; init; }

        public Job ToJob() => new(JobId.Length > 0 ? JobId : null, Hours(Ms), Dollars.OfTime(Cost), Kwh(Energy), First, Last);
    }

    private sealed record PartRow
    {
        public Guid AgentId { get; init; }
        public string Hostname { get; init; } = "";
        public string Provider { get; init; } = "";
        public string Region { get; init; } = "";
        public string Labels { get; init; } = "{}";
        public int GpuIndex { get; init; }
        public int MigInstance { get; init; }
        public string GpuName { get; init; } = "";
        public decimal Ms { get; init; }
        public decimal Cost { get; init; }
        public decimal Energy { get; init; }

        public Part ToPart() => new(AgentId, Hostname, GpuIndex, MigInstance < 0 ? null : MigInstance, GpuName, Hours(Ms), Dollars.OfTime(Cost), Kwh(Energy));
    }
}
