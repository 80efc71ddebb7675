using Empire.Contracts.V1;

namespace Empire.Telemetry.Ingest;

/// <summary>What a batch must be to be taken. One fault refuses all of it, so that nobody wonders which half was stored.</summary>
internal static class SampleRules
{
    public const int MostSamples = 10_000, LongestText = 255, LongestName = 100, MostProcesses = 256;

    /// <summary>MiB; above it somebody counts bytes.</summary>
    public const long MostMemory = 1L << 40;

    /// <summary>Degrees Celsius.</summary>
    public const int Coldest = -100, Hottest = 300;

    /// <summary>W.</summary>
    public const float MostPower = 100_000;

    /// <summary>Milliseconds that one sample may stand for: an agent merges what it read in an hour, and the first reading of that may stand for three intervals of an hour.</summary>
    public const uint MostSpan = 4 * 3_600_000;
    private const int MostFaults = 20, MostLabels = 32;

    /// <summary>How far a sample may be from now.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5), Behind = TimeSpan.FromDays(30);

    /// <summary>A dollar figure beyond any GPU's price: a mistake in units.</summary>
    private const long HighestRateMicros = 10_000L * Money.MicrosPerUnit;

    /// <param name="numbered">False: the sender does not number its batches.</param>
    /// <returns>Empty when the batch is good; at most twenty faults, each with its field.</returns>
    public static IReadOnlyList<FieldError> Check(SampleBatch batch, bool numbered, DateTimeOffset now)
    {
        var faults = new Faults();
        if (!Guid.TryParse(batch.AgentId, out var agent) || agent == Guid.Empty) faults.Add("agent_id", "must be a UUID.");
        if (batch.Sequence > long.MaxValue) faults.Add("sequence", $"must be at most {long.MaxValue}.");
        if (numbered && batch.Sequence == 0 && batch.Samples.Count > 0) faults.Add("sequence", "must be 1 or more; 0 is a greeting without samples.");
        if (batch.Samples.Count > MostSamples) faults.Add("gpu_data", $"must have at most {MostSamples} samples.");
        if (batch.Host is { } host) CheckHost(host, faults);
        var (earliest, latest) = TimesAround(now);
        var last = new Dictionary<long, long>();
        for (var i = 0; i < batch.Samples.Count && !faults.Full; i++) CheckSample(batch.Samples[i], i, earliest, latest, last, faults);
        return faults.Found;
    }

    /// <returns>Between which moments a sample must be, in Unix milliseconds.</returns>
    public static (long Earliest, long Latest) TimesAround(DateTimeOffset now) => ((now - Behind).ToUnixTimeMilliseconds(), (now + Ahead).ToUnixTimeMilliseconds());

    public static bool IsText(string text, int longest) => text.Length <= longest && !text.Contains('\0');

    public static bool IsRate(Amount cost) => cost is { Currency: "USD", Micros: >= 0 and <= HighestRateMicros };

    public static bool IsGood(ProcessSample process) => IsText(process.Name, LongestText) && IsText(process.JobId, LongestText) && !(process.HasMem && process.Mem is < 0 or > MostMemory)
        && !(process.HasSm && !(process.Sm is >= 0 and <= 100));

    private static void CheckHost(HostTags host, Faults faults)
    {
        Text("host.hostname", host.Hostname, LongestText, faults);
        Text("host.provider", host.Provider, LongestText, faults);
        Text("host.region", host.Region, LongestText, faults);
        Text("host.instance_type", host.InstanceType, LongestText, faults);
        Text("host.driver_version", host.DriverVersion, LongestText, faults);
        Text("host.agent_version", host.AgentVersion, LongestText, faults);
        if (host.IntervalSeconds > 3600) faults.Add("host.interval_seconds", "must be 1 to 3600.");
        if (host.Labels.Count > MostLabels) faults.Add("host.labels", $"must be at most {MostLabels}.");
        foreach (var (name, value) in host.Labels)
        {
            if (name.Length is 0 or > LongestName) faults.Add("host.labels", $"a name must have 1 to {LongestName} characters.");
            Text("host.labels", name, LongestText, faults);
            Text("host.labels", value, LongestText, faults);
        }
    }

    private static void CheckSample(Sample sample, int i, long earliest, long latest, Dictionary<long, long> last, Faults faults)
    {
        if (sample.ObservedAtMs < earliest || sample.ObservedAtMs > latest)
            Fault("observed_at_ms", "must be Unix time in milliseconds, not more than 5 minutes ahead and not older than 30 days.");
        if (!sample.HasGpuIndex) Fault("gpu_index", "is required.");
        else if (sample.GpuIndex < 0) Fault("gpu_index", "must be 0 or more.");
        if (sample.GpuName.Length == 0) Fault("gpu_name", "is required.");
        else if (sample.GpuName.Length > LongestName) Fault("gpu_name", $"must have at most {LongestName} characters.");
        else if (sample.GpuName.Contains('\0')) Fault("gpu_name", "must not contain the character NUL.");
        if (sample.GpuUuid.Length > LongestName || sample.GpuUuid.Contains('\0')) Fault("gpu_uuid", $"must have at most {LongestName} characters, and no NUL.");
        if (!sample.HasGpuUtil && !sample.HasMigInstance && !sample.MigEnabled) Fault("gpu_util", "is required.");
        else if (sample.HasGpuUtil && !(sample.GpuUtil is >= 0 and <= 100)) Fault("gpu_util", "must be 0 to 100."); // NaN is no number between
        if (sample.HasMemUtil && !(sample.MemUtil is >= 0 and <= 100)) Fault("mem_util", "must be 0 to 100.");
        if (!sample.HasMemUsed) Fault("mem_used", "is required.");
        else if (sample.MemUsed < 0) Fault("mem_used", "must be 0 or more.");
        if (!sample.HasMemTotal) Fault("mem_total", "is required.");
        else if (sample.MemTotal < 0) Fault("mem_total", "must be 0 or more.");
        else if (sample.HasMemUsed && sample.MemUsed > sample.MemTotal) Fault("mem_used", "must not exceed mem_total.");
        if (sample.HasMemTotal && sample.MemTotal > MostMemory) Fault("mem_total", "must be in MiB.");
        if (sample.HasTemperature && sample.Temperature is < Coldest or > Hottest) Fault("temperature", "must be -100 to 300 degrees Celsius.");
        if (sample.HasPower && !(sample.Power is >= 0 and <= MostPower)) Fault("power", "must be 0 to 100000 W.");
        Counter("energy", sample.Energy);
        Counter("throttle_reasons", sample.ThrottleReasons);
        Counter("ecc_corrected", sample.EccCorrected);
        Counter("ecc_uncorrected", sample.EccUncorrected);
        Counter("pcie_rx", sample.PcieRx);
        Counter("pcie_tx", sample.PcieTx);
        if (sample.HasMigInstance && sample.MigInstance > int.MaxValue) Fault("mig_instance", "is not the id of an instance.");
        if (sample.MigEnabled && sample.HasMigInstance) Fault("mig_enabled", "is of a whole GPU; an instance is not split again.");
        if (sample.HasSpanMs && sample.SpanMs is 0 or > MostSpan) Fault("span_ms", $"must be 1 to {MostSpan} milliseconds.");
        if (sample.CostPerHour is { } cost)
        {
            if (cost.Currency != "USD") Fault("cost_per_hour", "must be in USD.");
            if (cost.Micros is < 0 or > HighestRateMicros) Fault("cost_per_hour", "must be 0 to 10000 US dollars.");
        }
        if (sample.JobId.Length > LongestText || sample.JobId.Contains('\0')) Fault("job_id", $"must have at most {LongestText} characters, and no NUL.");
        if (sample.Processes.Count > MostProcesses) Fault("processes", $"must be at most {MostProcesses}.");
        for (var p = 0; p < sample.Processes.Count && !faults.Full; p++) CheckProcess(sample.Processes[p], $"gpu_data[{i}].processes[{p}]", faults);

        var series = ((long)sample.GpuIndex << 32) | (sample.HasMigInstance ? sample.MigInstance : uint.MaxValue);
        if (last.TryGetValue(series, out var before) && sample.ObservedAtMs < before) Fault("observed_at_ms", "must not be before the sample of the same GPU in front of it.");
        last[series] = sample.ObservedAtMs;

        void Fault(string field, string detail) => faults.Add($"gpu_data[{i}].{field}", detail);
        void Counter(string field, ulong value)
        {
            if (value > long.MaxValue) Fault(field, $"must be at most {long.MaxValue}.");
        }
    }

    private static void CheckProcess(ProcessSample process, string at, Faults faults)
    {
        if (IsGood(process)) return;
        Text($"{at}.name", process.Name, LongestText, faults);
        Text($"{at}.job_id", process.JobId, LongestText, faults);
        if (process.HasMem && process.Mem is < 0 or > MostMemory) faults.Add($"{at}.mem", "must be 0 or more, in MiB.");
        if (process.HasSm && !(process.Sm is >= 0 and <= 100)) faults.Add($"{at}.sm", "must be 0 to 100.");
    }

    private static void Text(string field, string text, int longest, Faults faults)
    {
        if (text.Length > longest) faults.Add(field, $"must have at most {longest} characters.");
        else if (text.Contains('\0')) faults.Add(field, "must not contain the character NUL.");
    }

    private sealed class Faults
    {
        public List<FieldError> Found { get; } = [];
        public bool Full => Found.Count >= MostFaults;

        public void Add(string field, string detail)
        {
            if (!Full) Found.Add(new() { Field = field, Detail = detail });
        }
    }
}
