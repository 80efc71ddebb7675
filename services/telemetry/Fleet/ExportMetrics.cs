using System.Globalization;
using System.Text;
using Empire.Data;
using Empire.Http;

namespace Empire.Telemetry.Fleet;

/// <summary><c>GET /api/v1/telemetry/metrics</c>: the caller's GPUs as Prometheus reads them, under the names that NVIDIA's dcgm-exporter uses (its default-counters.csv), so that dashboards made
/// for it work. GPUs that are silent are left out.</summary>
internal static class ExportMetrics
{
    /// <summary>Twelve of the longest intervals: whoever is silent for longer is silent.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromHours(12);

    private static readonly (string Name, string Type, string Help, Func<GpuNow, decimal?> Value)[] Series =
    [
        ("DCGM_FI_DEV_SM_CLOCK", "gauge", "SM clock frequency (in MHz).", gpu => gpu.Sample.SmClock),
        ("DCGM_FI_DEV_MEM_CLOCK", "gauge", "Memory clock frequency (in MHz).", gpu => gpu.Sample.MemClock),
        ("DCGM_FI_DEV_GPU_TEMP", "gauge", "GPU temperature (in C).", gpu => gpu.Sample.Temperature),
        ("DCGM_FI_DEV_POWER_USAGE", "gauge", "Power draw (in W).", gpu => gpu.Sample.Power),
        ("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", "counter", "Energy since the driver was loaded (in mJ).", gpu => gpu.Sample.Energy * 1000m),
        ("DCGM_FI_DEV_GPU_UTIL", "gauge", "GPU utilization (in %).", gpu => gpu.Sample.GpuUtil),
        ("DCGM_FI_DEV_MEM_COPY_UTIL", "gauge", "Memory utilization (in %).", gpu => gpu.Sample.MemUtil),
        ("DCGM_FI_DEV_FB_USED", "gauge", "Framebuffer memory used (in MiB).", gpu => gpu.Sample.MemUsed),
        ("DCGM_FI_DEV_FB_FREE", "gauge", "Framebuffer memory free (in MiB).", gpu => gpu.Sample.MemTotal - gpu.Sample.MemUsed),
        ("DCGM_FI_DEV_XID_ERRORS", "gauge", "Value of the last XID error.", gpu => gpu.Sample.Xid),
        ("DCGM_FI_DEV_ECC_SBE_VOL_TOTAL", "counter", "Corrected memory errors since the driver was loaded.", gpu => gpu.Sample.EccCorrected),
        ("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", "counter", "Uncorrected memory errors since the driver was loaded.", gpu => gpu.Sample.EccUncorrected),
        ("DCGM_FI_DEV_CLOCK_THROTTLE_REASONS", "gauge", "Why the clock is held back, as bits.", gpu => gpu.Sample.ThrottleReasons),
        ("empire_gpu_cost_usd_per_hour", "gauge", "What the GPU costs (in USD an hour).", gpu => Dollars.Of(gpu.RateMicros)),
        ("empire_gpu_waste_usd_per_hour", "gauge", "What of it is wasted (in USD an hour).", gpu => Dollars.Of(gpu.WasteMicros)),
    ];

    public static async Task<IResult> HandleAsync(Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var gpus = (await GpuNow.AllAsync(work, caller.Tenant, work.Now - LongestSilence, ct)).Where(gpu => !gpu.Stale).Select(gpu => (Gpu: gpu, Labels: LabelsOf(gpu))).ToArray();
        var text = new StringBuilder();
        foreach (var (name, type, help, value) in Series)
        {
            var known = gpus.Select(gpu => (gpu.Labels, Value: value(gpu.Gpu))).Where(gpu => gpu.Value is not null).ToArray();
            if (known.Length == 0) continue;
            text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
            foreach (var (labels, number) in known) text.Append(name).Append(labels).Append(' ').Append(number!.Value.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }
        return TypedResults.Text(text.ToString(), "text/plain; version=0.0.4", Encoding.UTF8);
    }

    private static string LabelsOf(GpuNow gpu)
    {
        var labels = new StringBuilder("{");
        Add("gpu", $"{gpu.GpuIndex}");
        Add("UUID", gpu.GpuUuid);
        Add("device", $"nvidia{gpu.GpuIndex}");
        Add("modelName", gpu.GpuName);
        if (gpu.MigInstance >= 0) Add("GPU_I_ID", $"{gpu.MigInstance}");
        Add("Hostname", gpu.Hostname);
        Add("agent_id", gpu.AgentId.ToString()); // hosts may have neither name nor UUID, and a series only once
        if (gpu.Sample.JobId is { } job) Add("job_id", job);
        return labels.Append('}').ToString();

        void Add(string name, string value)
        {
            if (labels.Length > 1) labels.Append(',');
            labels.Append(name).Append("=\"").Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
        }
    }
}
