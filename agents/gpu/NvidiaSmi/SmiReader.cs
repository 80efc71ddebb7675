using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Empire.Contracts.V1;
using Empire.GpuAgent.Readings;

namespace Empire.GpuAgent.NvidiaSmi;

/// <summary>GPUs by the command nvidia-smi of driver 470 or later, for hosts whose library cannot be loaded. Starts a process each time, so it costs more than NVML.</summary>
/// <param name="command">Found on the PATH.</param>
internal sealed class SmiReader(TimeProvider clock, string command = "nvidia-smi") : IGpuReader
{
    // A driver older than a field refuses the whole query; then the plain ones are asked for alone.
    private static readonly string[] Plain =
        ["index", "name", "uuid", "driver_version", "utilization.gpu", "utilization.memory", "memory.used", "memory.total", "temperature.gpu", "power.draw"];
    private static readonly string[] Full =
        [.. Plain, "clocks.sm", "clocks.mem", "clocks_throttle_reasons.active", "ecc.errors.corrected.volatile.total", "ecc.errors.uncorrected.volatile.total"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20); // a driver without persistence is loaded for each call

    private string[] fields = Full;

    public string Description => "nvidia-smi";
    public string? DriverVersion { get; private set; }

    public async ValueTask<IReadOnlyList<Sample>> ReadAsync(CancellationToken ct)
    {
        var (exit, output) = await RunAsync($"--query-gpu={string.Join(',', fields)}", ct);
        if (exit != 0 && output.Contains("not a valid field", StringComparison.OrdinalIgnoreCase) && fields.Length > Plain.Length)
        {
            fields = Plain;
            (exit, output) = await RunAsync($"--query-gpu={string.Join(',', fields)}", ct);
        }
        if (exit != 0) throw new GpusUnavailableException($"nvidia-smi ended with {exit}: {FirstLine(output)}");
        var samples = Lines(output).Select(Read).OfType<Sample>().OrderBy(sample => sample.GpuIndex).ToList();
        if (samples.Count > 0) await AddProcessesAsync(samples, ct);
        return samples;
    }

    private Sample? Read(string line)
    {
        var cells = line.Split(',', StringSplitOptions.TrimEntries);
        if (cells.Length != fields.Length || Number(cells[0]) is not { } index) return null;
        var sample = new Sample { GpuIndex = (int)index, GpuName = cells[1], GpuUuid = Known(cells[2]) ?? "" };
        DriverVersion = Known(cells[3]);
        if (Number(cells[4]) is { } util) sample.GpuUtil = (float)util;
        if (Number(cells[5]) is { } memUtil) sample.MemUtil = (float)memUtil;
        if (Number(cells[6]) is { } used) sample.MemUsed = (long)used;
        if (Number(cells[7]) is { } total) sample.MemTotal = (long)total;
        if (Number(cells[8]) is { } celsius) sample.Temperature = (int)celsius;
        if (Number(cells[9]) is { } watts) sample.Power = (float)watts;
        if (fields.Length == Plain.Length) return sample;
        if (Number(cells[10]) is { } sm) sample.SmClock = (uint)sm;
        if (Number(cells[11]) is { } mem) sample.MemClock = (uint)mem;
        if (cells[12].StartsWith("0x", StringComparison.Ordinal) && ulong.TryParse(cells[12].AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var reasons)) sample.ThrottleReasons = reasons;
        if (Number(cells[13]) is { } corrected) sample.EccCorrected = (ulong)corrected;
        if (Number(cells[14]) is { } uncorrected) sample.EccUncorrected = (ulong)uncorrected;
        return sample;
    }

    /// <summary>Processes are an extra: GPUs that do not tell them are still read.</summary>
    private async Task AddProcessesAsync(List<Sample> samples, CancellationToken ct)
    {
        var (exit, output) = await RunAsync("--query-compute-apps=gpu_uuid,pid,used_memory,process_name", ct);
        if (exit != 0) return;
        foreach (var line in Lines(output))
        {
            var cells = line.Split(',', 4, StringSplitOptions.TrimEntries); // the name comes last since it may have commas
            if (cells.Length != 4 || Number(cells[1]) is not { } pid || samples.Find(sample => sample.GpuUuid == cells[0]) is not { } sample) continue;
            var process = new ProcessSample { Pid = (uint)pid, Name = Path.GetFileName((Known(cells[3]) ?? "").Split(' ')[0]) };
            if (Number(cells[2]) is { } mem) process.Mem = (long)mem;
            sample.Processes.Add(process);
        }
    }

    /// <exception cref="GpusUnavailableException">No such command, or it does not end.</exception>
    private async Task<(int Exit, string Output)> RunAsync(string query, CancellationToken ct)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(command, [query, "--format=csv,noheader,nounits"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        }
        catch (Win32Exception e)
        {
            throw new GpusUnavailableException($"{command} not found", e);
        }
        using (process)
        {
            using var late = new CancellationTokenSource(Patience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
            try
            {
                var error = process.StandardError.ReadToEndAsync(either.Token);
                var output = await process.StandardOutput.ReadToEndAsync(either.Token);
                await process.WaitForExitAsync(either.Token);
                return (process.ExitCode, output + await error);
            }
            catch (OperationCanceledException e)
            {
                process.Kill(entireProcessTree: true);
                ct.ThrowIfCancellationRequested();
                throw new GpusUnavailableException($"nvidia-smi did not end within {Patience.TotalSeconds} s", e);
            }
        }
    }

    /// <summary>"[N/A]", "[Not Supported]", "[Unknown Error]", "N/A" and the like say that it is not known.</summary>
    private static string? Known(string cell) => cell.Length == 0 || cell[0] == '[' || cell == "N/A" ? null : cell;

    private static double? Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 && double.IsFinite(number) ? number : null;

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string FirstLine(string output) => Lines(output) is [var first, ..] ? first : "no word";

    public void Dispose() { }
}
