using Empire.Contracts.V1;

namespace Empire.GpuAgent.Readings;

/// <summary>The GPUs that were read before, so that one which cannot be read any more is missed, and not only absent.</summary>
internal sealed class KnownGpus(Journal journal)
{
    private readonly Dictionary<string, Sample> last = new(StringComparer.Ordinal);

    /// <summary>Takes the next reading. A GPU that is missing is said in the log; and the error that the driver has told of it since is sent with the last that was read of it, under that moment: once more what is
    /// known already, which stands for no time of its own, since nothing else is known.</summary>
    /// <returns>What can be sent.</returns>
    public List<Sample> Take(IReadOnlyList<Sample> read, IReadOnlyList<UnreadGpu> unread)
    {
        var whole = new List<Sample>(read.Count);
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sample in read)
        {
            var key = KeyOf(sample.GpuIndex, sample.GpuUuid);
            there.Add(key);
            if (WhyNotWhole(sample) is { } why)
            {
                Miss(key, new(sample.GpuIndex, sample.GpuUuid, sample.GpuName, why, sample.HasXid ? sample.Xid : null), whole);
                continue;
            }
            whole.Add(sample);
            if (!sample.HasMigInstance) last[key] = sample;
            journal.Healed(TopicOf(key), $"{Words(sample.GpuIndex, sample.GpuName, sample.GpuUuid)} is read again.");
        }
        foreach (var gpu in unread)
        {
            var key = KeyOf(gpu.Index, gpu.Uuid);
            if (there.Add(key)) Miss(key, gpu, whole);
        }
        foreach (var (key, gone) in last.Where(known => !there.Contains(known.Key)).ToArray())
            Miss(key, new(gone.GpuIndex, gone.GpuUuid, gone.GpuName, "the driver no longer lists it", null), whole);
        return whole;
    }

    /// <summary>Without memory, or of a whole GPU without utilisation, a sample means nothing to the server, which would refuse the others with it.</summary>
    private static string? WhyNotWhole(Sample sample)
    {
        var use = sample.HasGpuUtil || sample.HasMigInstance || sample.MigEnabled;
        if (use && sample is { HasMemUsed: true, HasMemTotal: true }) return null;
        return $"it does not tell its {(use ? "memory" : "utilisation")}";
    }

    private void Miss(string key, UnreadGpu gpu, List<Sample> whole)
    {
        journal.WarnOnce(TopicOf(key), $"{Words(gpu.Index, gpu.Name, gpu.Uuid)} is left out: {gpu.Why}.{(gpu.Xid is { } error ? $" Its last error is XID {error}." : "")}");
        if (gpu.Xid is not { } xid || !last.TryGetValue(key, out var before) || before.Xid == xid) return;
        var again = before.Clone();
        again.Xid = xid;
        last[key] = again;
        whole.Add(again);
    }

    private static string KeyOf(int index, string uuid) => uuid.Length > 0 ? uuid : $"{index}";

    private static string TopicOf(string key) => $"gpu {key}";

    private static string Words(int index, string name, string uuid) => name.Length == 0 ? $"GPU {index}" : uuid.Length == 0 ? $"GPU {index} ({name})" : $"GPU {index} ({name}, {uuid})";
}
