using System.Buffers;
using System.Text.Json;
using Empire.Contracts.V1;

namespace Empire.GpuAgent.Sending;

/// <summary>Batches as the body of POST /api/track-usage: the names of telemetry.proto, what is unknown left out.</summary>
internal static class BatchJson
{
    /// <param name="batches">In the order of their numbers; none but the first tells of the host. They go as one, under the number of the last.</param>
    public static byte[] Body(string apiKey, IReadOnlyList<SampleBatch> batches)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("api_key", apiKey);
            json.WriteString("agent_id", batches[^1].AgentId);
            json.WriteNumber("sequence", batches[^1].Sequence);
            json.WriteNumber("clock_ms", batches[^1].ClockMs);
            if (batches[0].Host is { } host) WriteHost(json, host);
            json.WriteStartArray("gpu_data");
            // A clock that was set back between two batches must not make their samples descend.
            foreach (var sample in batches.SelectMany(batch => batch.Samples).OrderBy(sample => sample.ObservedAtMs)) WriteSample(json, sample);
            json.WriteEndArray();
            var (summarised, lost) = (batches.Sum(batch => (long)(batch.Dropped?.Summarised ?? 0)), batches.Sum(batch => (long)(batch.Dropped?.Lost ?? 0)));
            if (summarised + lost > 0)
            {
                json.WriteStartObject("dropped");
                json.WriteNumber("summarised", summarised);
                json.WriteNumber("lost", lost);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteHost(Utf8JsonWriter json, HostTags host)
    {
        json.WriteStartObject("host");
        Text(json, "hostname", host.Hostname);
        Text(json, "provider", host.Provider);
        Text(json, "region", host.Region);
        Text(json, "instance_type", host.InstanceType);
        Text(json, "driver_version", host.DriverVersion);
        Text(json, "agent_version", host.AgentVersion);
        json.WriteNumber("interval_seconds", host.IntervalSeconds);
        if (host.Labels.Count > 0)
        {
            json.WriteStartObject("labels");
            foreach (var (name, value) in host.Labels) json.WriteString(name, value);
            json.WriteEndObject();
        }
        json.WriteBoolean("spot", host.Spot);
        json.WriteEndObject();
    }

    public static void WriteSample(Utf8JsonWriter json, Sample sample)
    {
        json.WriteStartObject();
        json.WriteNumber("observed_at_ms", sample.ObservedAtMs);
        json.WriteNumber("gpu_index", sample.GpuIndex);
        Text(json, "gpu_uuid", sample.GpuUuid);
        json.WriteString("gpu_name", sample.GpuName);
        if (sample.HasGpuUtil) json.WriteNumber("gpu_util", sample.GpuUtil);
        if (sample.HasMemUtil) json.WriteNumber("mem_util", sample.MemUtil);
        if (sample.HasMemUsed) json.WriteNumber("mem_used", sample.MemUsed);
        if (sample.HasMemTotal) json.WriteNumber("mem_total", sample.MemTotal);
        if (sample.HasTemperature) json.WriteNumber("temperature", sample.Temperature);
        if (sample.HasPower) json.WriteNumber("power", sample.Power);
        if (sample.HasEnergy) json.WriteNumber("energy", sample.Energy);
        if (sample.HasSmClock) json.WriteNumber("sm_clock", sample.SmClock);
        if (sample.HasMemClock) json.WriteNumber("mem_clock", sample.MemClock);
        if (sample.HasThrottleReasons) json.WriteNumber("throttle_reasons", sample.ThrottleReasons);
        if (sample.HasEccCorrected) json.WriteNumber("ecc_corrected", sample.EccCorrected);
        if (sample.HasEccUncorrected) json.WriteNumber("ecc_uncorrected", sample.EccUncorrected);
        if (sample.HasXid) json.WriteNumber("xid", sample.Xid);
        if (sample.HasPcieRx) json.WriteNumber("pcie_rx", sample.PcieRx);
        if (sample.HasPcieTx) json.WriteNumber("pcie_tx", sample.PcieTx);
        if (sample.HasMigInstance) json.WriteNumber("mig_instance", sample.MigInstance);
        if (sample.MigEnabled) json.WriteBoolean("mig_enabled", true);
        if (sample.HasSpanMs) json.WriteNumber("span_ms", sample.SpanMs);
        if (sample.CostPerHour is { } cost) json.WriteNumber("cost_per_hour", cost.Micros / 1_000_000m);
        Text(json, "job_id", sample.JobId);
        if (sample.Processes.Count > 0)
        {
            json.WriteStartArray("processes");
            foreach (var process in sample.Processes) WriteProcess(json, process);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void WriteProcess(Utf8JsonWriter json, ProcessSample process)
    {
        json.WriteStartObject();
        json.WriteNumber("pid", process.Pid);
        json.WriteString("name", process.Name);
        if (process.HasMem) json.WriteNumber("mem", process.Mem);
        if (process.HasSm) json.WriteNumber("sm", process.Sm);
        Text(json, "job_id", process.JobId);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0) json.WriteString(name, value);
    }
}
