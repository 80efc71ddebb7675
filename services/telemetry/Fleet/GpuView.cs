using System.Text.Json;
using Empire.Data;
using Empire.Http;
using Empire.Telemetry.Prices;
using Empire.Telemetry.Savings;
using Empire.Telemetry.Settling;

namespace Empire.Telemetry.Fleet;

/// <summary>A GPU as it was last seen.</summary>
/// <param name="MigInstance">Null: the whole GPU.</param>
/// <param name="Stale">Nothing has come for many intervals; it counts in no sum.</param>
/// <param name="GpuUtil">Percent; null where the driver cannot tell it of a MIG instance, and of a GPU that is split.</param>
/// <param name="MemUsed">MiB.</param>
/// <param name="Temperature">Degrees Celsius; null: not known, as with all the rest.</param>
/// <param name="Power">W.</param>
/// <param name="CostPerHour">US dollars; 0 where no price is known, and then <paramref name="Note"/> says so.</param>
/// <param name="PotentialSavings">US dollars an hour.</param>
/// <param name="Note">Why there is no price, or that it is one of another region; null where there is nothing to say.</param>
/// <param name="Price">Where the price is from; null where none is known.</param>
/// <example>{"agent_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9012", "hostname": "trainer-1", "provider": "gcp", "region": "us-central1", "instance_type": "n1-v100", "gpu_index": 0,
/// "mig_instance": null, "gpu_uuid": "GPU-2f1c8e0a-5b7d-4c3e-9a4b-5c6d7e8f9012", "gpu_name": "Tesla V100", "observed_at": "2026-03-02T08:00:00+00:00", "stale": false, "gpu_util": 12.5,
/// "mem_util": 8, "mem_used": 9200, "mem_total": 16384, "temperature": 41, "power": 78.2, "job_id": "train-embeddings", "cost_per_hour": 2.48, "potential_savings": 2.17, "note": null, "price": {"kind": "book", "instance_type": "n1-v100", "region": "us-central1", "read_on": "2026-11-21",
/// "source": "G; spot from skypilot-catalog v9 (G)", "spot": false, "another_region": false}}</example>
public sealed record GpuView(
    Guid AgentId, string Hostname, string Provider, string Region, string InstanceType, int GpuIndex, int? MigInstance, string GpuUuid, string GpuName, DateTimeOffset ObservedAt, bool Stale, decimal? GpuUtil,
    decimal? MemUtil, long MemUsed, long MemTotal, long? Temperature, decimal? Power, string? JobId, decimal CostPerHour, decimal PotentialSavings, string? Note, PriceOrigin? Price);

/// <summary>The rows behind it.</summary>
internal sealed record GpuNow
{
    public long GpuId { get; init; }
    public Guid AgentId { get; init; }
    public string Hostname { get; init; } = "";
    public string Provider { get; init; } = "";
    public string Region { get; init; } = "";
    public string InstanceType { get; init; } = "";
    public string Labels { get; init; } = "{}";
    public bool Spot { get; init; }
    public int GpuIndex { get; init; }
    public int MigInstance { get; init; }
    public string GpuUuid { get; init; } = "";
    public string GpuName { get; init; } = "";
    public DateTimeOffset LastAt { get; init; }
    public bool Stale { get; init; }
    public long RateMicros { get; init; }
    public string Latest { get; init; } = "";

    public LatestSample Sample => sample ??= JsonSerializer.Deserialize<LatestSample>(Latest, SnakeCaseJson.Options)!;

    private LatestSample? sample;

    public long WasteMicros => SavingsRule.Waste(RateMicros, (long?)(Sample.GpuUtil * 100), MigInstance >= 0);

    public GpuView ToView(PriceBook prices)
    {
        var listed = prices.Of(Provider, Region, InstanceType, GpuName, Sample.MemTotal, Spot, MigInstance >= 0);
        var price = PriceOrigin.Of(RateMicros, listed, Spot, split: MigInstance >= 0 || Sample.GpuUtil is null);
        var note = price is null ? $"No price is known for {GpuName}{(Provider.Length > 0 ? $" at {Provider}" : "")}; send cost_per_hour."
            : price.AnotherRegion == true ? $"The price is that of {price.Region}: none is known for {Region}; send cost_per_hour." : null;
        return new(
            AgentId, Hostname, Provider, Region, InstanceType, GpuIndex, MigInstance < 0 ? null : MigInstance, GpuUuid, GpuName, LastAt, Stale, Sample.GpuUtil, Sample.MemUtil, Sample.MemUsed, Sample.MemTotal,
            Sample.Temperature, Sample.Power, Sample.JobId, Dollars.Of(RateMicros), Dollars.Of(WasteMicros), note, price);
    }

    /// <param name="heardSince">Those of which nothing came for longer are left out: a machine that was given back, a card that was taken out, an instance of a split that is no more.</param>
    public static Task<IReadOnlyList<GpuNow>> AllAsync(Work work, TenantId tenant, DateTimeOffset heardSince, CancellationToken ct) => work.QueryAsync<GpuNow>(
        """
        select g.id as gpu_id, g.agent_id, a.hostname, a.provider, a.region, a.instance_type, a.labels::text as labels, a.spot, g.gpu_index, g.mig_instance, g.gpu_uuid, g.gpu_name, s.last_at, s.rate_micros,
          s.latest::text as latest, s.last_at < @Now - greatest(interval '2 minutes', a.interval_seconds * interval '12 seconds') as stale
        from gpu_states s join gpus g on g.id = s.gpu_id join agents a on a.tenant_id = g.tenant_id and a.id = g.agent_id
        where g.tenant_id = @tenant and s.tenant_id = @tenant and s.last_at >= @heardSince
        order by a.hostname, g.agent_id, g.gpu_index, g.mig_instance, g.id
        """, new { tenant = tenant.Value, heardSince = heardSince.UtcDateTime, Now = work.Now.UtcDateTime }, ct);
}

/// <summary>Money as the API shows it.</summary>
internal static class Dollars
{
    private const long MsOfHour = 3_600_000;

    public static decimal Of(long micros) => decimal.Round((decimal)micros / Money.MicrosPerUnit, 6, MidpointRounding.ToEven);

    /// <param name="microMs">Millionths times milliseconds of an hourly rate.</param>
    public static decimal OfTime(decimal microMs) => decimal.Round(microMs / MsOfHour / Money.MicrosPerUnit, 6, MidpointRounding.ToEven);
}
