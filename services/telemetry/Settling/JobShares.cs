using Empire.Telemetry.Storage;

namespace Empire.Telemetry.Settling;

/// <summary>Who had a GPU during a sample. Processes of jobs share it by their SM time; what is left is the job's that the whole GPU was given to, or nobody's.</summary>
internal static class JobShares
{
    private const long Whole = 10_000; // hundredths of a percent

    /// <summary>Shares that sum to 10000 or, where the processes say more than a whole GPU, to what they say. The job "" is nobody.</summary>
    public static IReadOnlyList<(string Job, long Weight)> Of(string job, IReadOnlyList<ProcessReading> processes)
    {
        if (!processes.Any(process => process is { Job.Length: > 0, Sm: > 0 })) return [(job, Whole)];
        var shares = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var process in processes)
            if (process is { Job.Length: > 0, Sm: > 0 and { } sm }) shares[process.Job] = shares.GetValueOrDefault(process.Job) + sm;
        var left = Whole - shares.Values.Sum();
        if (left > 0) shares[job] = shares.GetValueOrDefault(job) + left;
        return [.. shares.OrderBy(share => share.Key, StringComparer.Ordinal).Select(share => (share.Key, share.Value))];
    }

    /// <summary>Splits a whole by weights, exactly: what rounding leaves over goes to those whose fractions were largest.</summary>
    /// <param name="total">Not negative.</param>
    /// <param name="weights">At least one; not negative, not all zero.</param>
    public static long[] Split(long total, IReadOnlyList<long> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        var sum = weights.Aggregate(Int128.Zero, (all, weight) => all + weight);
        if (sum <= 0) throw new ArgumentException("There must be a weight above zero.", nameof(weights));
        var parts = new long[weights.Count];
        var rests = new (Int128 Left, int Index)[weights.Count];
        var given = 0L;
        for (var i = 0; i < weights.Count; i++)
        {
            var exact = (Int128)total * weights[i];
            parts[i] = (long)(exact / sum);
            rests[i] = (exact % sum, i);
            given += parts[i];
        }
        foreach (var (_, index) in rests.OrderByDescending(rest => rest.Left).ThenBy(rest => rest.Index).Take((int)(total - given))) parts[index]++;
        return parts;
    }
}
