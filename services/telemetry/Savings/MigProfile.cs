namespace Empire.Telemetry.Savings;

/// <summary>A size of MIG instance. A GPU has seven slices of compute and eight of memory. Source: NVIDIA MIG User Guide, supported profiles of A100, H100, H200 and B200.</summary>
internal sealed record MigProfile(string Name, int Compute, int Memory)
{
    private const int ComputeSlices = 7, MemorySlices = 8;

    /// <summary>From the smallest on; a whole GPU is no part.</summary>
    private static readonly MigProfile[] Sizes = [new("1g", 1, 1), new("2g", 2, 2), new("3g", 3, 4), new("4g", 4, 4)];

    /// <param name="card">By the price book's name; null: not known.</param>
    public static bool IsOffered(string? card) => card is "A100-40" or "A100-80" or "A100" or "H100" or "H200" or "B200";

    /// <param name="compute">Share of a whole GPU that the work needs.</param>
    /// <param name="memory">Likewise.</param>
    /// <returns>The smallest that holds it; null: none does.</returns>
    public static MigProfile? For(decimal compute, decimal memory) => Array.Find(Sizes, size => size.Compute >= compute * ComputeSlices && size.Memory >= memory * MemorySlices);

    /// <returns>GPUs that hold them all, the largest first into the first that has room: at most a few more than the fewest.</returns>
    public static int Pack(IEnumerable<MigProfile> profiles)
    {
        var gpus = new List<(int Compute, int Memory)>();
        foreach (var profile in profiles.OrderByDescending(profile => profile.Compute))
        {
            var room = gpus.FindIndex(gpu => gpu.Compute >= profile.Compute && gpu.Memory >= profile.Memory);
            if (room < 0) gpus.Add((ComputeSlices - profile.Compute, MemorySlices - profile.Memory));
            else gpus[room] = (gpus[room].Compute - profile.Compute, gpus[room].Memory - profile.Memory);
        }
        return gpus.Count;
    }
}
