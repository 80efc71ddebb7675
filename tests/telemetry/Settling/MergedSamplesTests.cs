extern alias agent;
using Empire.Contracts.V1;
using agent::Empire.GpuAgent.Spooling;
using Empire.Telemetry.Ingest;
using Empire.Telemetry.Prices;
using Empire.Telemetry.Settling;
using Empire.Telemetry.Storage;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Tests.Settling;

/// <summary>What an agent merged because its spool was full costs and uses what it would have, sent as it was read.</summary>
public sealed class MergedSamplesTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 7, 58, 30, TimeSpan.Zero);
    private static readonly PriceBook Prices = new(Options.Create(new PriceOptions()));

    [Theory]
    [InlineData(Detail.Minutes)]
    [InlineData(Detail.Hours)]
    internal void Cost_time_and_joules_of_each_job_are_those_of_the_readings(Detail detail) => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var read = Readings(new Random(seed), jobsLast: 90, One);
        var merged = Merged(read, detail, new Random(seed));
        var (raw, kept) = (SumsOf(read), SumsOf(merged));
        Assert.Equal(raw.Select(job => (job.Key, job.Value.Ms, job.Value.Cost)), kept.Where(job => job.Value != default).Select(job => (job.Key, job.Value.Ms, job.Value.Cost)));
        var tolerance = raw.Values.Sum(job => job.Energy) / 1_000; // power is kept to tenths of a watt
        Assert.All(raw, job => Assert.InRange(kept[job.Key].Energy, job.Value.Energy - tolerance, job.Value.Energy + tolerance));
        return merged.Sum(batch => batch.Samples.Count) < read.Sum(batch => batch.Samples.Count) / 2;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));

    [Theory]
    [InlineData(Detail.Minutes)]
    [InlineData(Detail.Hours)]
    internal void However_fast_jobs_change_cost_and_time_are_theirs_and_all_energy_is_there(Detail detail) => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var read = Readings(new Random(seed), jobsLast: 2, One, gaps: false);
        var merged = Merged(read, detail, new Random(seed));
        var (raw, kept) = (SumsOf(read), SumsOf(merged));
        Assert.Equal(raw.Select(job => (job.Key, job.Value.Ms, job.Value.Cost)), kept.Where(job => job.Value.Ms != 0).Select(job => (job.Key, job.Value.Ms, job.Value.Cost)));
        var (joules, tolerance) = (raw.Values.Sum(job => job.Energy), raw.Values.Sum(job => job.Energy) / 1_000);
        Assert.InRange(kept.Values.Sum(job => job.Energy), joules - tolerance, joules + tolerance);
        return detail == Detail.Minutes || merged.Sum(batch => batch.Samples.Count) < read.Sum(batch => batch.Samples.Count) / 10;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Theory]
    [InlineData(Detail.Minutes)]
    [InlineData(Detail.Hours)]
    internal void Processes_that_share_a_gpu_keep_their_shares_of_it(Detail detail) => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var read = Readings(new Random(seed), jobsLast: 400, Shared, watts: 300);
        var (raw, kept) = (SumsOf(read), SumsOf(Merged(read, detail, new Random(seed))));
        var (ms, cost, energy) = (raw.Values.Sum(job => job.Ms), raw.Values.Sum(job => job.Cost), raw.Values.Sum(job => job.Energy));
        Assert.Equal((ms, cost), (kept.Values.Sum(job => job.Ms), kept.Values.Sum(job => job.Cost)));
        Assert.Equal(raw.Keys, kept.Keys);
        Assert.All(raw, job =>
        {
            Assert.InRange(kept[job.Key].Ms, job.Value.Ms - ms / 1_000, job.Value.Ms + ms / 1_000); // shares are kept to hundredths of a percent
            Assert.InRange(kept[job.Key].Cost, job.Value.Cost - cost / 1_000, job.Value.Cost + cost / 1_000);
            Assert.InRange(kept[job.Key].Energy, job.Value.Energy - energy / 500, job.Value.Energy + energy / 500);
        });
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Theory]
    [InlineData(Detail.Minutes)]
    [InlineData(Detail.Hours)]
    internal void Instances_that_come_and_go_cost_what_they_did(Detail detail) => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var read = Readings(new Random(seed), jobsLast: 90, Split);
        var (raw, kept) = (SumsOf(read), SumsOf(Merged(read, detail, new Random(seed))));
        Assert.Equal(raw.Select(job => (job.Key, job.Value.Ms, job.Value.Cost)), kept.Select(job => (job.Key, job.Value.Ms, job.Value.Cost)));
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Fact]
    public void More_processes_than_are_taken_are_one_for_each_job()
    {
        var read = Enumerable.Range(0, 6).Select(i =>
        {
            var batch = Batch(i, Start.AddSeconds(i * 10 + 30), "", 300, i * 3_000);
            batch.Samples[0].Processes.AddRange(Enumerable.Range(0, 200).Select(p => new ProcessSample { Pid = (uint)(i * 200 + p), Name = "x", Sm = 0.25f, JobId = p % 2 == 0 ? $"job-{p % 4}" : "" }));
            return batch;
        }).ToList();
        var merged = Merged(read, Detail.Minutes, new(1)).SelectMany(batch => batch.Samples).Single();
        Assert.Equal([("job-0", 12.5f), ("job-2", 12.5f)], merged.Processes.Select(process => (process.JobId, MathF.Round(process.Sm, 3))).Order());
    }

    /// <summary>As a spool would, file by file; each file's first sample follows the one in front of it.</summary>
    private static List<SampleBatch> Merged(List<SampleBatch> read, Detail detail, Random random)
    {
        var merged = Pass(read, Detail.Minutes, random);
        if (detail == Detail.Hours) merged = Pass(merged, Detail.Hours, random);
        foreach (var batch in merged) Assert.Empty(SampleRules.Check(batch, numbered: true, Start.AddDays(2)));
        return merged;

        static List<SampleBatch> Pass(List<SampleBatch> batches, Detail detail, Random random)
        {
            var passed = new List<SampleBatch>();
            for (var from = 0; from < batches.Count;)
            {
                var count = Math.Min(batches.Count - from, random.Next(50, 2_000));
                passed.AddRange(Summary.Of(batches.GetRange(from, count), detail, Interval, from == 0 ? null : batches[from - 1]));
                from += count;
            }
            return passed;
        }
    }

    /// <summary>Some hours of a GPU: now and then a reading is late, now and then the host is off.</summary>
    /// <param name="jobsLast">Readings, in the mean.</param>
    /// <param name="watts">0: it varies.</param>
    private static List<SampleBatch> Readings(Random random, int jobsLast, Action<SampleBatch, Random, int> add, bool gaps = true, int watts = 0)
    {
        var (batches, at, energy, job) = (new List<SampleBatch>(), Start, 1_000L, 0);
        for (var i = 0; i < 1_500; i++)
        {
            var power = watts > 0 ? watts : random.Next(100, 700);
            var seconds = random.Next(40) == 0 ? 20 : gaps && random.Next(300) == 0 ? random.Next(40, 5_000) : 10;
            at = at.AddSeconds(seconds);
            energy += (long)power * seconds;
            if (random.Next(jobsLast) == 0) job = random.Next(4);
            var batch = Batch(i, at, job == 0 ? "" : $"job-{job}", power, energy);
            add(batch, random, job);
            batches.Add(batch);
        }
        return batches;
    }

    private static SampleBatch Batch(int number, DateTimeOffset at, string job, int power, long energy) => new()
    {
        AgentId = "019a0000-0000-7000-8000-000000000000", Sequence = (ulong)number + 1,
        Samples =
        {
            new Sample
            {
                ObservedAtMs = at.ToUnixTimeMilliseconds(), GpuIndex = 0, GpuName = "NVIDIA A100-SXM4-40GB", GpuUuid = "GPU-0", GpuUtil = number % 100, MemUsed = 1_000, MemTotal = 40_960, Power = power, Energy = (ulong)energy, JobId = job,
            },
        },
    };

    private static void One(SampleBatch batch, Random random, int job)
    {
    }

    private static void Shared(SampleBatch batch, Random random, int job)
    {
        for (var p = 0; p < 3; p++)
            if (random.Next(4) > 0) batch.Samples[0].Processes.Add(new ProcessSample { Pid = (uint)p, Name = "python", Sm = random.Next(4_500) / 100f, JobId = p == 2 ? "" : $"shared-{p}" });
    }

    private static void Split(SampleBatch batch, Random random, int job)
    {
        var whole = batch.Samples[0];
        (whole.MigEnabled, whole.JobId) = (true, "");
        whole.ClearGpuUtil();
        for (var instance = 0; instance < 1 + job % 2; instance++)
            batch.Samples.Add(new Sample
            {
                ObservedAtMs = whole.ObservedAtMs, GpuIndex = 0, GpuName = whole.GpuName + " MIG 3g.20gb", GpuUuid = $"MIG-{instance}", MigInstance = (uint)instance, MemUsed = 10, MemTotal = 19_968, JobId = $"job-{job + instance}",
            });
    }

    private static SortedDictionary<string, (long Ms, long Cost, long Energy)> SumsOf(IEnumerable<SampleBatch> batches)
    {
        var blocks = new Dictionary<SeriesKey, GpuBlock>();
        foreach (var (key, block) in batches.SelectMany(batch => BatchBuilder.Build(batch, new("gcp", "us-central1", "", false, 10), Prices)).SelectMany(part => part))
        {
            var stored = BlockCodec.Read(BytesOf(block));
            if (blocks.TryGetValue(key, out var all)) all.Append(stored);
            else blocks[key] = stored;
        }
        var sums = new SortedDictionary<string, (long, long, long)>(StringComparer.Ordinal);
        foreach (var (key, block) in blocks)
        {
            var meter = new GpuMeter(new(), Interval, new(), part: key.MigInstance >= 0);
            meter.Read(block);
            Assert.Equal(meter.Minutes.Values.Sum(minute => minute.CostMicroMs), meter.Jobs.Values.Sum(job => job.CostMicroMs));
            foreach (var ((job, _), (ms, cost, energy)) in meter.Jobs)
                if (ms > 0 || energy > 0) sums[job] = sums.GetValueOrDefault(job) is var (haveMs, haveCost, haveEnergy) ? (haveMs + ms, haveCost + cost, haveEnergy + energy) : default;
        }
        return sums;
    }

    private static byte[] BytesOf(GpuBlock block)
    {
        var bytes = new ByteWriter();
        BlockCodec.Write(bytes, block, 0, block.Count);
        return bytes.Written.ToArray();
    }
}
