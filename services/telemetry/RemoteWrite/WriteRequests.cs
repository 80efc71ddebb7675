using Empire.Data;
using Empire.Telemetry.RemoteWrite.Wire;
using Empire.Telemetry.Storage;
using Google.Protobuf;

namespace Empire.Telemetry.RemoteWrite;

/// <summary>Makes requests of stored samples: one series for each figure of a GPU and job, under the names and labels of <c>GET /api/v1/telemetry/metrics</c>.</summary>
internal static class WriteRequests
{
    private static readonly (string Name, Func<GpuBlock, int, double?> Value)[] Figures =
    [
        ("DCGM_FI_DEV_SM_CLOCK", Of(Metric.SmClock)),
        ("DCGM_FI_DEV_MEM_CLOCK", Of(Metric.MemClock)),
        ("DCGM_FI_DEV_GPU_TEMP", Of(Metric.Temperature)),
        ("DCGM_FI_DEV_POWER_USAGE", Of(Metric.Power, value => value / 10.0)),
        ("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", Of(Metric.Energy, value => value * 1000.0)),
        ("DCGM_FI_DEV_GPU_UTIL", Of(Metric.GpuUtil, value => value / 100.0)),
        ("DCGM_FI_DEV_MEM_COPY_UTIL", Of(Metric.MemUtil, value => value / 100.0)),
        ("DCGM_FI_DEV_FB_USED", Of(Metric.MemUsed)),
        ("DCGM_FI_DEV_FB_FREE", (block, i) => block[Metric.MemTotal, i] is not Metrics.Unknown and var total && block[Metric.MemUsed, i] is not Metrics.Unknown and var used ? total - used : null),
        ("DCGM_FI_DEV_XID_ERRORS", Of(Metric.Xid)),
        ("DCGM_FI_DEV_ECC_SBE_VOL_TOTAL", Of(Metric.EccCorrected)),
        ("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", Of(Metric.EccUncorrected)),
        ("DCGM_FI_DEV_CLOCK_THROTTLE_REASONS", Of(Metric.ThrottleReasons)),
        ("empire_gpu_pcie_rx_kib_per_second", Of(Metric.PcieRx)),
        ("empire_gpu_pcie_tx_kib_per_second", Of(Metric.PcieTx)),
        ("empire_gpu_cost_usd_per_hour", Of(Metric.Rate, value => value / (double)Money.MicrosPerUnit)),
    ];

    /// <returns>The request's body, not yet compressed.</returns>
    public static async Task<byte[]> MakeAsync(Work work, IReadOnlyCollection<Forward> forwards, string tenantLabel, CancellationToken ct)
    {
        var series = new Dictionary<(long Gpu, string Job), GpuBlock>();
        foreach (var forward in forwards)
            foreach (var (gpu, block) in BatchFrame.Read(forward.Data)) Gather(series, gpu, block);
        var hosts = (await work.QueryAsync<Host>(
            """
            select g.id, g.tenant_id, g.agent_id, g.gpu_index, g.mig_instance, g.gpu_uuid, g.gpu_name, a.hostname
            from gpus g join agents a on a.tenant_id = g.tenant_id and a.id = g.agent_id where g.id = any(@ids)
            """, new { ids = series.Keys.Select(key => key.Gpu).Distinct().ToArray() }, ct)).ToDictionary(host => host.Id);
        var request = new WriteRequest();
        foreach (var ((gpu, job), block) in series)
        {
            if (!hosts.TryGetValue(gpu, out var host)) continue; // its account is gone
            var labels = LabelsOf(host, job, tenantLabel);
            foreach (var (name, value) in Figures)
            {
                var one = new TimeSeries();
                for (var i = 0; i < block.Count; i++)
                    if (value(block, i) is { } known) one.Samples.Add(new Value { Timestamp = block.Times[i], Value_ = known });
                if (one.Samples.Count == 0) continue;
                one.Labels.AddRange(labels.Append(("__name__", name)).OrderBy(label => label.Item1, StringComparer.Ordinal).Select(label => new Label { Name = label.Item1, Value = label.Item2 }));
                request.Timeseries.Add(one);
            }
        }
        return request.ToByteArray();
    }

    /// <summary>Samples of different jobs are different series.</summary>
    private static void Gather(Dictionary<(long, string), GpuBlock> series, long gpu, GpuBlock block)
    {
        for (var from = 0; from < block.Count;)
        {
            var (job, to) = (block.JobOf(from), from + 1);
            while (to < block.Count && block.JobOf(to) == job) to++;
            if (!series.TryGetValue((gpu, job), out var all)) series[(gpu, job)] = all = new(to - from);
            all.Append(block, from, to - from);
            from = to;
        }
    }

    private static List<(string Name, string Value)> LabelsOf(Host host, string job, string tenantLabel)
    {
        List<(string, string)> labels =
        [
            (tenantLabel, host.TenantId.ToString()), ("agent_id", host.AgentId.ToString()), ("gpu", $"{host.GpuIndex}"), ("device", $"nvidia{host.GpuIndex}"), ("modelName", host.GpuName),
        ];
        // An empty label is one that is not there.
        if (host.GpuUuid.Length > 0) labels.Add(("UUID", host.GpuUuid));
        if (host.Hostname.Length > 0) labels.Add(("Hostname", host.Hostname));
        if (host.MigInstance >= 0) labels.Add(("GPU_I_ID", $"{host.MigInstance}"));
        if (job.Length > 0) labels.Add(("job_id", job));
        return labels;
    }

    private static Func<GpuBlock, int, double?> Of(Metric metric, Func<long, double>? scale = null) =>
        (block, i) => block[metric, i] is not Metrics.Unknown and var value ? scale?.Invoke(value) ?? value : null;

    private sealed record Host
    {
        public long Id { get; init; }
        public Guid TenantId { get; init; }
        public Guid AgentId { get; init; }
        public int GpuIndex { get; init; }
        public int MigInstance { get; init; }
        public string GpuUuid { get; init; } = "";
        public string GpuName { get; init; } = "";
        public string Hostname { get; init; } = "";
    }
}
