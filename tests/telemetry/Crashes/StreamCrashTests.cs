using Empire.Contracts.V1;
using Empire.Testing;

namespace Empire.Telemetry.Tests.Crashes;

/// <summary>Service and database are killed in the middle of streams: what was acknowledged is stored, each sample once, in order, and counted once in the sums.</summary>
public sealed class StreamCrashTests(MortalTelemetry telemetry) : IClassFixture<MortalTelemetry>
{
    private const int Readings = 4, Gpus = 2, Interval = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Killed_service_and_database_lose_and_double_nothing_that_was_acknowledged()
    {
        var senders = Senders(hosts: 3, batches: 240);
        var sending = Task.WhenAll(senders.Select(sender => Task.Run(sender.RunAsync)));
        await AnsweredAsync(senders, 60, sending);
        await telemetry.KillServiceAsync();
        await AnsweredAsync(senders, 200, sending);
        await telemetry.KillDatabaseAsync();
        await AnsweredAsync(senders, 340, sending);
        await telemetry.ArmAsync("telemetry.batches-stored"); // committed, and not yet answered
        await telemetry.FiredAsync("telemetry.batches-stored");
        await AnsweredAsync(senders, 480, sending);
        await telemetry.KillDatabaseAsync();
        await telemetry.KillServiceAsync();
        await sending;
        Assert.True(senders.Sum(sender => sender.Repeated) > 0, "No answer was lost: the kills missed.");
        await EverythingIsThereOnceAsync(senders);
    }

    [Fact, Trait("Category", "chaos")]
    public async Task Thirty_kills_at_random_lose_and_double_nothing_that_was_acknowledged()
    {
        var random = new Random(17);
        var senders = Senders(hosts: 6, batches: 4_000);
        var sending = Task.WhenAll(senders.Select(sender => Task.Run(sender.RunAsync)));
        for (var kill = 1; kill <= 30; kill++)
        {
            await AnsweredAsync(senders, kill * 700 + random.Next(0, 200), sending);
            switch (random.Next(4))
            {
                case 0:
                    await telemetry.KillDatabaseAsync();
                    break;
                case 1:
                    await telemetry.ArmAsync("work.before-commit"); // in the middle of settling
                    await telemetry.FiredAsync("work.before-commit");
                    break;
                case 2:
                    await telemetry.ArmAsync("telemetry.batches-stored");
                    await telemetry.FiredAsync("telemetry.batches-stored");
                    break;
                default:
                    await telemetry.KillServiceAsync();
                    break;
            }
        }
        await sending;
        await EverythingIsThereOnceAsync(senders);
    }

    /// <summary>Each host's readings are one interval apart without a gap: so time is counted whole only where every sample is there, once, in order.</summary>
    private async Task EverythingIsThereOnceAsync(Sender[] senders)
    {
        await telemetry.SettledAsync();
        foreach (var sender in senders)
        {
            var of = new { id = sender.Host.Id };
            var times = sender.Batches.SelectMany(batch => batch.Samples).Where(sample => sample.GpuIndex == 0).Select(sample => sample.ObservedAtMs).ToArray();
            for (var gpu = 0; gpu < Gpus; gpu++)
            {
                var stored = await telemetry.RowsAsync<long>("select (extract(epoch from s.observed_at) * 1000)::bigint from samples s join gpus g on g.id = s.gpu_id where g.agent_id = @id and g.gpu_index = @gpu order by 1", new { of.id, gpu });
                Assert.Equal(times, stored);
                var sums = await telemetry.RowsAsync<(long Samples, long Ms)>("select sum(samples)::bigint, sum(ms)::bigint from rollups_day r join gpus g on g.id = r.gpu_id where g.agent_id = @id and g.gpu_index = @gpu", new { of.id, gpu });
                Assert.Equal((times.Length, times.Length * Interval * 1_000L), sums.Single());
            }
        }
    }

    private static Task AnsweredAsync(Sender[] senders, int batches, Task sending) =>
        Eventually.TrueAsync(async () =>
        {
            if (sending.IsCompleted) await sending; // a failure of theirs is the test's
            return senders.Sum(sender => sender.Stubborn.Answered) >= batches;
        }, Patience);

    private Sender[] Senders(int hosts, int batches) =>
    [
        .. Enumerable.Range(0, hosts).Select(i =>
        {
            var host = new Host($"crash-{i}", gpus: Gpus, interval: Interval);
            var start = TimeProvider.System.GetUtcNow().AddSeconds(-batches * Readings * Interval - 600);
            var made = Enumerable.Range(0, batches).Select(n => host.Batch(start.AddSeconds(n * Readings * Interval), Readings, (_, reading) => (n + reading) % 100)).ToArray();
            return new Sender(host, made, new(telemetry, made));
        }),
    ];

    private sealed record Sender(Host Host, SampleBatch[] Batches, StubbornSender Stubborn)
    {
        public int Repeated => Stubborn.Repeated;

        public Task RunAsync() => Stubborn.RunAsync();
    }
}
