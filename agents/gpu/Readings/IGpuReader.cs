using Empire.Contracts.V1;

namespace Empire.GpuAgent.Readings;

/// <summary>A GPU that is or was there, and tells nothing.</summary>
/// <param name="Index">Where it is, or was when it was read last.</param>
/// <param name="Uuid">Empty where it was never read; so is the name.</param>
/// <param name="Why">In words for the owner of the host.</param>
/// <param name="Xid">The last error that the driver told of it; null: none.</param>
internal sealed record UnreadGpu(int Index, string Uuid, string Name, string Why, uint? Xid);

/// <summary>A way to see the GPUs of this host.</summary>
internal interface IGpuReader : IDisposable
{
    /// <summary>For people: "NVML 550.54.15", "nvidia-smi", "simulated, 8 GPUs".</summary>
    string Description { get; }

    /// <summary>Null where it is not known.</summary>
    string? DriverVersion { get; }

    /// <summary>GPUs that the last reading is without, as far as the reader knows.</summary>
    IReadOnlyList<UnreadGpu> Unread => [];

    /// <summary>Every GPU once, in the order of their indexes, each MIG instance after its GPU. What a GPU does not tell is left unset; times and jobs are the caller's to add.</summary>
    /// <exception cref="GpusUnavailableException">The driver or its tool cannot be had now; asking again later may help.</exception>
    ValueTask<IReadOnlyList<Sample>> ReadAsync(CancellationToken ct);
}

/// <summary>GPUs cannot be read now; the message says why, in words for the owner of the host.</summary>
internal sealed class GpusUnavailableException : Exception
{
    public GpusUnavailableException() { }
    public GpusUnavailableException(string message) : base(message) { }
    public GpusUnavailableException(string message, Exception innerException) : base(message, innerException) { }
}
