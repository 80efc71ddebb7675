using Empire.Contracts.V1;
using Empire.GpuAgent.NvidiaSmi;
using Empire.GpuAgent.Nvml;

namespace Empire.GpuAgent.Readings;

/// <summary>NVML where it can be loaded, otherwise nvidia-smi; looks again at every reading while there is neither, since a driver may be installed or updated while the agent runs.</summary>
internal sealed class FoundReader(string libraryPath, bool throughput, TimeProvider clock, Journal journal) : IGpuReader
{
    private IGpuReader? reader;

    public string Description => reader?.Description ?? "none";
    public string? DriverVersion => reader?.DriverVersion;
    public IReadOnlyList<UnreadGpu> Unread => reader?.Unread ?? [];

    public async ValueTask<IReadOnlyList<Sample>> ReadAsync(CancellationToken ct)
    {
        if (reader is { } known)
        {
            try
            {
                return await known.ReadAsync(ct);
            }
            catch (GpusUnavailableException e)
            {
                journal.Warn($"{known.Description} fails: {e.Message}");
                known.Dispose();
                reader = null; // from the start, at once
            }
        }
        string why;
        try
        {
            return await KeepAsync(new NvmlReader(libraryPath, throughput), ct);
        }
        catch (GpusUnavailableException e)
        {
            why = e.Message;
        }
        try
        {
            return await KeepAsync(new SmiReader(clock), ct);
        }
        catch (GpusUnavailableException e)
        {
            throw new GpusUnavailableException($"{why}; {e.Message}", e);
        }
    }

    private async Task<IReadOnlyList<Sample>> KeepAsync(IGpuReader candidate, CancellationToken ct)
    {
        try
        {
            var samples = await candidate.ReadAsync(ct);
            reader = candidate;
            journal.Info($"{samples.Count} GPUs by {candidate.Description}");
            return samples;
        }
        catch
        {
            candidate.Dispose();
            throw;
        }
    }

    public void Dispose() => reader?.Dispose();
}
