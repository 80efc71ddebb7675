using System.Text.Json;
using Empire.Contracts.V1;
using Empire.GpuAgent.Host;
using Empire.GpuAgent.Readings;
using Empire.GpuAgent.Sending;

namespace Empire.GpuAgent;

/// <summary>--once: one reading as JSON on standard output.</summary>
internal static class Once
{
    /// <returns>0, or 1 when there are no GPUs.</returns>
    public static async Task<int> RunAsync(IGpuReader reader, HostTags host, CloudMetadata? cloud, JobIds jobs, AgentSettings settings, TimeProvider clock, Journal journal, CancellationToken ct)
    {
        IReadOnlyList<Sample> samples;
        try
        {
            samples = await reader.ReadAsync(ct);
        }
        catch (GpusUnavailableException e)
        {
            journal.Error($"No GPUs: {e.Message}.");
            return 1;
        }
        Sampler.Complete(samples, jobs, settings, clock);
        host.DriverVersion = reader.DriverVersion ?? "";
        if (cloud is not null && await cloud.FindAsync(ct) is { } machine) machine.AddTo(host);
        await using var output = Console.OpenStandardOutput();
        await using (var json = new Utf8JsonWriter(output, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("reader", reader.Description);
            BatchJson.WriteHost(json, host);
            json.WriteStartArray("gpu_data");
            foreach (var sample in samples) BatchJson.WriteSample(json, sample);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
        return 0;
    }
}
