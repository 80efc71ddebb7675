using Empire.Contracts.V1;
using Empire.GpuAgent.Readings;

namespace Empire.GpuAgent.Simulation;

/// <summary>GPUs that are not there, for hosts without one. The same seed gives the same readings; every sample says "Simulated" in its name, so that nobody takes it for a real one.</summary>
/// <param name="count">1 to 1024.</param>
internal sealed class SimulatedReader(int count, int seed = 1) : IGpuReader
{
    private const int MemoryMib = 81_920;
    private ulong tick;

    public string Description => $"simulated, {count} GPUs";
    public string? DriverVersion => "simulated";

    public ValueTask<IReadOnlyList<Sample>> ReadAsync(CancellationToken ct)
    {
        var samples = new Sample[count];
        for (var i = 0; i < count; i++) samples[i] = Read(i);
        tick++;
        return new(samples);
    }

    private Sample Read(int index)
    {
        // Work comes in waves, each GPU with its own length of wave; every third wave is idle.
        var length = 120 + (int)(Noise(index, 0) * 600);
        var wave = tick / (ulong)length;
        var busy = (wave + (ulong)index) % 3 != 0;
        var util = busy ? 55 + (float)Noise(index, tick) * 45 : 0;
        var used = busy ? 20_000 + (long)(Noise(index, wave) * 50_000) : 600;
        var sample = new Sample
        {
            GpuIndex = index,
            GpuUuid = $"GPU-51ed0000-{seed & 0xffff:x4}-4000-8000-{index:x12}",
            GpuName = "Simulated H100 80GB",
            GpuUtil = MathF.Round(util),
            MemUtil = MathF.Round(util * 0.6f),
            MemUsed = used,
            MemTotal = MemoryMib,
            Temperature = 32 + (int)(util / 2.5f),
            Power = 70 + util * 6,
            Energy = (70 + 200 * (ulong)index) + tick * 300,
            SmClock = busy ? 1980u : 345u,
            MemClock = 2619,
            ThrottleReasons = busy ? 0u : 1u, // idle
            EccCorrected = 0,
            EccUncorrected = 0,
            PcieRx = busy ? 900_000u : 0,
            PcieTx = busy ? 400_000u : 0,
        };
        if (busy) sample.Processes.Add(new ProcessSample { Pid = (uint)(1_000_000 + index), Name = "simulated", Mem = used - 600, Sm = sample.GpuUtil });
        return sample;
    }

    /// <summary>0 to 1, from the seed alone.</summary>
    private double Noise(int index, ulong at)
    {
        var x = (ulong)seed * 0x9E3779B97F4A7C15 ^ ((ulong)index + 1) * 0xBF58476D1CE4E5B9 ^ (at + 1) * 0x94D049BB133111EB;
        x = (x ^ (x >> 31)) * 0xD6E8FEB86659FD93;
        x = (x ^ (x >> 32)) * 0xD6E8FEB86659FD93;
        return ((x ^ (x >> 32)) >> 11) / (double)(1UL << 53);
    }

    public void Dispose() { }
}
