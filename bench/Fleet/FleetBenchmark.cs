using System.Collections.Concurrent;
using System.Diagnostics;
using Dapper;
using Empire.Bench.Telemetry;
using Empire.Contracts.V1;
using Empire.Testing;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Empire.Bench.Fleet;

/// <summary>Two thousand agents connected at once, each with its own connection and stream: how soon each is answered, and what that takes.</summary>
internal sealed class FleetBenchmark : IBenchmark
{
    private const int Agents = 2_000, Gpus = 8, Tenants = 20;
    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(30);

    public string Name => "fleet";
    public string Summary => "two thousand agents' streams at once: every batch answered, how soon, and the service's memory";

    public async Task RunAsync(CancellationToken ct)
    {
        await using var telemetry = await TelemetryProcess.StartAsync(ct);
        await using var owner = await telemetry.Database.OpenAsOwnerAsync();
        Console.WriteLine($"{Agents:N0} agents of {Gpus} GPUs in {Tenants} accounts, a connection each; {Environment.ProcessorCount} cores, which the agents share");
        var tenants = Enumerable.Range(0, Tenants).Select(_ => TenantId.New(TimeProvider.System.GetUtcNow())).ToArray();
        var before = telemetry.Service.ResidentBytes;
        var agents = Enumerable.Range(0, Agents).Select(i => new FleetAgent(telemetry, tenants[i % Tenants])).ToArray();
        try
        {
            var (started, first) = (Stopwatch.GetTimestamp(), new ConcurrentBag<double>());
            await Task.WhenAll(agents.Select(agent => Task.Run(() => agent.SendAsync(first, ct), ct)));
            Print("all at once, their first batch", first, Stopwatch.GetElapsedTime(started), TimeSpan.Zero, telemetry);
            foreach (var interval in (int[])[10, 2])
            {
                var (cpu, latencies) = (telemetry.Service.CpuTime, new ConcurrentBag<double>());
                started = Stopwatch.GetTimestamp();
                await Task.WhenAll(agents.Select((agent, i) => Task.Run(() => agent.ReportAsync(TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(interval * i / (double)Agents), Phase, latencies, ct), ct)));
                Print($"every {interval} s for {Phase.TotalSeconds} s", latencies, Stopwatch.GetElapsedTime(started), telemetry.Service.CpuTime - cpu, telemetry);
            }
            var acknowledged = agents.Sum(agent => agent.Acknowledged);
            await Eventually.EqualAsync(acknowledged * Gpus, () => owner.ExecuteScalarAsync<long>("select sum(samples)::bigint from rollups_day"), TimeSpan.FromMinutes(1));
            Console.WriteLine($"  {acknowledged:N0} batches were acknowledged, {acknowledged * Gpus:N0} samples of them are stored and summed; {before / 1048576.0:0} MiB before, {telemetry.Service.ResidentBytes / 1048576.0:0} MiB after");
        }
        finally
        {
            foreach (var agent in agents) agent.Dispose();
        }
    }

    private static void Print(string what, ConcurrentBag<double> milliseconds, TimeSpan time, TimeSpan cpu, TelemetryProcess telemetry)
    {
        var sorted = milliseconds.Order().ToArray();
        Console.WriteLine($"  {what,-32}{sorted.Length,7:N0} batches in {time.TotalSeconds,4:0.0} s, all acknowledged: p50 {sorted[sorted.Length / 2]:0.0} ms, p99 {sorted[sorted.Length * 99 / 100]:0.0} ms, longest {sorted[^1]:0} ms; "
            + $"{telemetry.Service.ResidentBytes / 1048576.0:0} MiB{(cpu > TimeSpan.Zero ? $", {cpu / time:0.00} cores" : "")}");
    }

    private sealed class FleetAgent(TelemetryProcess telemetry, TenantId tenant) : IDisposable
    {
        private readonly Guid id = Guid.CreateVersion7();
        private readonly GrpcChannel channel = GrpcChannel.ForAddress(telemetry.Grpc, new() { HttpHandler = new SocketsHttpHandler(), DisposeHttpClient = true });
        private AsyncDuplexStreamingCall<byte[], BatchReply>? stream;
        private ulong sequence;

        public long Acknowledged { get; private set; }

        /// <summary>One reading, and its answer.</summary>
        public async Task SendAsync(ConcurrentBag<double> latencies, CancellationToken ct)
        {
            var batch = new SampleBatch { AgentId = id.ToString(), Sequence = ++sequence };
            if (sequence == 1) batch.Host = new() { Hostname = "fleet", Provider = "aws", InstanceType = "p5.48xlarge", IntervalSeconds = 10 };
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            for (var gpu = 0; gpu < Gpus; gpu++)
                batch.Samples.Add(new Sample { ObservedAtMs = now, GpuIndex = gpu, GpuName = "NVIDIA H100 80GB HBM3", GpuUuid = $"GPU-{id}-{gpu}", GpuUtil = 80, MemUsed = 60_000, MemTotal = 81_559, Temperature = 60, Power = 480 });
            var bytes = batch.ToByteArray();
            var started = Stopwatch.GetTimestamp();
            stream ??= BatchStream.Open(channel, telemetry.CallerOf(tenant), ct);
            await stream.RequestStream.WriteAsync(bytes, ct);
            if (!await stream.ResponseStream.MoveNext(ct) || stream.ResponseStream.Current.OutcomeCase != BatchReply.OutcomeOneofCase.Stored) throw new InvalidOperationException("A batch was not acknowledged.");
            latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Acknowledged++;
        }

        public async Task ReportAsync(TimeSpan interval, TimeSpan after, TimeSpan until, ConcurrentBag<double> latencies, CancellationToken ct)
        {
            var started = Stopwatch.GetTimestamp();
            for (var due = after; due < until; due += interval)
            {
                if (due - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } wait) await Task.Delay(wait, ct);
                await SendAsync(latencies, ct);
            }
        }

        public void Dispose()
        {
            stream?.Dispose();
            channel.Dispose();
        }
    }
}
