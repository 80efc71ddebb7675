using Empire.Contracts.V1;
using Empire.GpuAgent.Readings;

namespace Empire.GpuAgent.Nvml;

/// <summary>GPUs as the driver's own library tells them. Holds the library open, which also keeps the driver's counters.</summary>
internal sealed class NvmlReader : IGpuReader
{
    private const int BytesPerMib = 1024 * 1024;
    private readonly NvmlLibrary nvml;
    private readonly bool throughput;
    private readonly nint events;
    private readonly Dictionary<nint, Device> devices = [];

    /// <param name="path">Of the library; <see cref="NvmlLibrary.DefaultPath"/>.</param>
    /// <param name="throughput">Whether to read PCIe throughput. The driver counts bytes for 20 ms to answer, twice for each GPU: too long at short intervals.</param>
    /// <exception cref="GpusUnavailableException">No library or no driver.</exception>
    public NvmlReader(string path, bool throughput)
    {
        nvml = NvmlLibrary.Open(path);
        this.throughput = throughput;
        DriverVersion = nvml.Text("nvmlSystemGetDriverVersion");
        if (nvml.Get<nint>("nvmlEventSetCreate", out events) != NvmlReturn.Success) events = 0;
    }

    public string Description => DriverVersion is null ? "NVML" : $"NVML of driver {DriverVersion}";
    public string? DriverVersion { get; }
    public IReadOnlyList<UnreadGpu> Unread { get; private set; } = [];

    public ValueTask<IReadOnlyList<Sample>> ReadAsync(CancellationToken ct)
    {
        var result = nvml.Get<uint>("nvmlDeviceGetCount_v2", out var count);
        if (result != NvmlReturn.Success) throw new GpusUnavailableException($"NVML does not count the GPUs: {NvmlLibrary.Words(result)}");
        TakeEvents();
        var samples = new List<Sample>((int)count);
        foreach (var device in devices.Values) device.IsThere = false;
        Dictionary<int, NvmlReturn>? failed = null;
        for (var i = 0; i < count; i++)
        {
            var found = nvml.DeviceByIndex((uint)i, out var handle);
            if (found != NvmlReturn.Success)
            {
                (failed ??= []).Add(i, found); // one GPU that fell off the bus must not hide the others
                continue;
            }
            var gpu = DeviceOf(handle);
            (gpu.Index, gpu.IsThere) = (i, true);
            Read(gpu, i, samples);
        }
        Unread = Missing(failed ?? []);
        return new(samples);
    }

    /// <param name="failed">Indexes without a GPU, with what the driver said.</param>
    private List<UnreadGpu> Missing(Dictionary<int, NvmlReturn> failed)
    {
        var missing = new List<UnreadGpu>();
        foreach (var gpu in devices.Values)
        {
            if (gpu.Index is not { } index || gpu.IsThere) continue;
            missing.Add(new(index, gpu.Uuid, gpu.Name, failed.Remove(index, out var why) ? NvmlLibrary.Words(why) : "the driver no longer lists it", gpu.LastXid));
        }
        missing.AddRange(failed.Select(one => new UnreadGpu(one.Key, "", "", NvmlLibrary.Words(one.Value), null)));
        return missing;
    }

    private void Read(Device gpu, int index, List<Sample> samples)
    {
        var sample = new Sample { GpuIndex = index, GpuUuid = gpu.Uuid, GpuName = gpu.Name };
        var utilization = new NvmlUtilization();
        if (Known(nvml.Get("nvmlDeviceGetUtilizationRates", gpu.Handle, ref utilization)))
        {
            sample.GpuUtil = utilization.Gpu;
            sample.MemUtil = utilization.Memory;
        }
        ReadMemory(gpu.Handle, sample);
        if (Temperature(gpu.Handle) is { } celsius) sample.Temperature = celsius;
        var milliwatts = 0u;
        if (Known(nvml.Get("nvmlDeviceGetPowerUsage", gpu.Handle, ref milliwatts))) sample.Power = milliwatts / 1000f;
        var millijoules = 0ul;
        if (Known(nvml.Get("nvmlDeviceGetTotalEnergyConsumption", gpu.Handle, ref millijoules))) sample.Energy = millijoules / 1000;
        const uint Sm = 1, Memory = 2;
        if (Known(nvml.Get<uint>("nvmlDeviceGetClockInfo", gpu.Handle, Sm, out var smClock))) sample.SmClock = smClock;
        if (Known(nvml.Get<uint>("nvmlDeviceGetClockInfo", gpu.Handle, Memory, out var memClock))) sample.MemClock = memClock;
        var reasons = 0ul; // the newer name of the same function first
        if (Known(nvml.Get("nvmlDeviceGetCurrentClocksEventReasons", gpu.Handle, ref reasons)) || Known(nvml.Get("nvmlDeviceGetCurrentClocksThrottleReasons", gpu.Handle, ref reasons)))
            sample.ThrottleReasons = reasons;
        const uint Corrected = 0, Uncorrected = 1, SinceDriverLoaded = 0;
        if (Known(nvml.Get<ulong>("nvmlDeviceGetTotalEccErrors", gpu.Handle, Corrected, SinceDriverLoaded, out var corrected))) sample.EccCorrected = corrected;
        if (Known(nvml.Get<ulong>("nvmlDeviceGetTotalEccErrors", gpu.Handle, Uncorrected, SinceDriverLoaded, out var uncorrected))) sample.EccUncorrected = uncorrected;
        if (gpu.LastXid is { } xid) sample.Xid = xid;
        if (throughput)
        {
            const uint Sent = 0, Received = 1;
            if (Known(nvml.Get<uint>("nvmlDeviceGetPcieThroughput", gpu.Handle, Received, out var received))) sample.PcieRx = received;
            if (Known(nvml.Get<uint>("nvmlDeviceGetPcieThroughput", gpu.Handle, Sent, out var sent))) sample.PcieTx = sent;
        }
        var mig = Known(nvml.GetPair("nvmlDeviceGetMigMode", gpu.Handle, out var migMode, out _)) && migMode == 1;
        var processes = Processes(gpu, mig);
        sample.MigEnabled = mig;
        if (mig) sample.ClearGpuUtil(); // of what no instance has there is none
        else sample.Processes.AddRange(processes.Select(process => process.Sample));
        samples.Add(sample);
        if (mig) ReadInstances(gpu, index, processes, samples);
    }

    /// <summary>The parts of a GPU that was split, each with what runs on it. Their use is told from Hopper on, by performance monitoring between two readings.</summary>
    private void ReadInstances(Device gpu, int index, List<(NvmlProcess Found, ProcessSample Sample)> processes, List<Sample> samples)
    {
        var most = 0u;
        if (!Known(nvml.Get("nvmlDeviceGetMaxMigDeviceCount", gpu.Handle, ref most))) return;
        for (var i = 0u; i < most; i++)
        {
            if (!Known(nvml.Get<nint>("nvmlDeviceGetMigDeviceHandleByIndex", gpu.Handle, i, out var handle)) || handle == 0) continue;
            var part = DeviceOf(handle);
            var sample = new Sample { GpuIndex = index, GpuUuid = part.Uuid, GpuName = part.Name };
            ReadMemory(handle, sample);
            var instance = 0u;
            if (Known(nvml.Get("nvmlDeviceGetGpuInstanceId", handle, ref instance)))
            {
                sample.MigInstance = instance;
                if (UseOf(gpu, part, instance) is { } percent) sample.GpuUtil = percent;
                sample.Processes.AddRange(processes.Where(process => process.Found.GpuInstance == instance).Select(process => process.Sample));
            }
            samples.Add(sample);
        }
    }

    /// <returns>Percent since the reading before; null at the first, and where the card does not tell.</returns>
    private float? UseOf(Device gpu, Device part, uint instance)
    {
        if (gpu.HasGpm is null)
        {
            var support = new NvmlGpmSupport { Version = NvmlGpmSupport.Version1 };
            gpu.HasGpm = Known(nvml.Get("nvmlGpmQueryDeviceSupport", gpu.Handle, ref support)) && support.IsSupported == 1;
        }
        if (gpu.HasGpm is false || !Known(nvml.Get<nint>("nvmlGpmSampleAlloc", out var later))) return null;
        if (!Known(nvml.TakeGpmSample(gpu.Handle, instance, later)))
        {
            nvml.FreeGpmSample(later);
            return null;
        }
        var earlier = part.GpmSample;
        part.GpmSample = later;
        if (earlier == 0) return null;
        var metrics = new NvmlGpmMetrics { Version = NvmlGpmMetrics.Version1, Count = 1, Earlier = earlier, Later = later, MetricId = NvmlGpmMetrics.GraphicsUtil };
        var told = Known(nvml.GetInto("nvmlGpmMetricsGet", ref metrics)) && Known(metrics.MetricReturn) && metrics.Value is >= 0 and <= 101;
        nvml.FreeGpmSample(earlier);
        return told ? (float)Math.Min(100, metrics.Value) : null;
    }

    private void ReadMemory(nint handle, Sample sample)
    {
        var memory = new NvmlMemory();
        if (!Known(nvml.Get("nvmlDeviceGetMemoryInfo", handle, ref memory))) return;
        sample.MemUsed = (long)(memory.Used / BytesPerMib);
        sample.MemTotal = (long)(memory.Total / BytesPerMib);
    }

    private int? Temperature(nint handle)
    {
        var temperature = new NvmlTemperature { Version = NvmlTemperature.Version1 };
        if (Known(nvml.Get("nvmlDeviceGetTemperatureV", handle, ref temperature))) return temperature.Celsius;
        const uint OfTheGpu = 0;
        return Known(nvml.Get<uint>("nvmlDeviceGetTemperature", handle, OfTheGpu, out var celsius)) ? (int)celsius : null;
    }

    private List<(NvmlProcess Found, ProcessSample Sample)> Processes(Device gpu, bool mig)
    {
        var found = nvml.Processes("nvmlDeviceGetComputeRunningProcesses_v3", gpu.Handle);
        if (found.Length == 0) found = nvml.Processes("nvmlDeviceGetComputeRunningProcesses_v2", gpu.Handle);
        if (found.Length == 0) return [];

        // The driver gives several periods at once: their mean is the share over our interval. Not told where the GPU is split.
        var shares = mig ? [] : nvml.ProcessUtilization(gpu.Handle, gpu.UtilizationSeen);
        foreach (var share in shares) gpu.UtilizationSeen = Math.Max(gpu.UtilizationSeen, share.Time);
        var list = new List<(NvmlProcess, ProcessSample)>(found.Length);
        foreach (var process in found.DistinctBy(process => (process.Pid, process.GpuInstance)))
        {
            var sample = new ProcessSample { Pid = process.Pid, Name = gpu.NameOf(nvml, process.Pid) };
            if (process.UsedBytes != NvmlProcess.MemoryUnknown) sample.Mem = (long)(process.UsedBytes / BytesPerMib);
            var own = shares.Where(share => share.Pid == process.Pid && share.Sm <= 100).ToArray();
            if (own.Length > 0) sample.Sm = (float)own.Average(share => share.Sm);
            list.Add((process, sample));
        }
        gpu.Forget(found);
        return list;
    }

    private void TakeEvents()
    {
        const int AtMost = 64; // a GPU that fails tells hundreds; the last one counts
        for (var i = 0; events != 0 && i < AtMost && nvml.TakeEvent(events, out var found); i++)
            if (found.Type == NvmlEvent.Xid && devices.TryGetValue(found.Device, out var device)) device.LastXid = (uint)found.Data;
    }

    private Device DeviceOf(nint handle)
    {
        if (devices.TryGetValue(handle, out var known)) return known;
        if (events != 0) nvml.RegisterEvents(handle, NvmlEvent.Xid, events); // what cannot be registered tells no XID errors
        return devices[handle] = new(handle, nvml.Text("nvmlDeviceGetUUID", handle) ?? "", nvml.Text("nvmlDeviceGetName", handle) ?? "NVIDIA GPU");
    }

    private static bool Known(NvmlReturn result) => result == NvmlReturn.Success;

    public void Dispose()
    {
        foreach (var device in devices.Values.Where(device => device.GpmSample != 0)) nvml.FreeGpmSample(device.GpmSample);
        if (events != 0) nvml.Free(events);
        nvml.Dispose();
    }

    /// <summary>What stays the same about a GPU or an instance while the driver is loaded.</summary>
    private sealed class Device(nint handle, string uuid, string name)
    {
        private readonly Dictionary<uint, string> names = [];

        public nint Handle => handle;
        public string Uuid => uuid;
        public string Name => name;

        /// <summary>At which the driver lists it, or did; null: an instance.</summary>
        public int? Index { get; set; }

        /// <summary>In the last reading.</summary>
        public bool IsThere { get; set; }
        public uint? LastXid { get; set; }

        /// <summary>Whether the card has performance monitoring; null: not asked yet.</summary>
        public bool? HasGpm { get; set; }

        /// <summary>Of an instance, at the reading before; 0: none.</summary>
        public nint GpmSample { get; set; }

        /// <summary>Microseconds of the driver's clock.</summary>
        public ulong UtilizationSeen { get; set; }

        public string NameOf(NvmlLibrary nvml, uint pid)
        {
            if (names.TryGetValue(pid, out var known)) return known;
            var path = nvml.ProcessName(pid) ?? "";
            return names[pid] = Path.GetFileName(path.Split(' ')[0]); // without its arguments, which may hold secrets
        }

        /// <summary>A number is given to another process one day.</summary>
        public void Forget(NvmlProcess[] alive)
        {
            if (names.Count <= alive.Length) return;
            foreach (var gone in names.Keys.Where(pid => !Array.Exists(alive, process => process.Pid == pid)).ToArray()) names.Remove(gone);
        }
    }
}
