using Empire.Contracts.V1;
using Empire.GpuAgent.Spooling;

namespace Empire.GpuAgent.Tests;

public sealed class SpoolTests : IDisposable
{
    private const long Start = 1_772_438_400_000; // 2026-03-02 08:00 UTC
    private readonly TempFolder folder = new();
    private readonly StringWriter said = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Batches_outlive_the_process_and_the_numbering_goes_on_even_when_all_were_answered()
    {
        using (var spool = Open())
            for (var i = 0; i < 100; i++) Assert.Equal((ulong)i + 1, spool.Append(Batch(i)));
        using (var spool = Open())
        {
            Assert.Equal(Enumerable.Range(1, 100).Select(n => (ulong)n), All(spool).Select(batch => batch.Sequence));
            Assert.Equal(Batch(41).Samples, All(spool)[41].Samples);
            spool.Acknowledge(100);
            Assert.Empty(All(spool));
        }
        using (var spool = Open())
        {
            spool.Greeted(100);
            Assert.Empty(All(spool));
            Assert.Equal(101UL, spool.Append(Batch(100)));
            Assert.Single(All(spool));
        }
    }

    [Fact]
    public void Files_go_when_their_batches_were_answered()
    {
        using var spool = Open(64 * 1024);
        for (var i = 0; i < 150; i++) spool.Append(Batch(i));
        var before = Directory.GetFiles(folder.Path, "*.seg").Length;
        spool.Acknowledge(149);
        Assert.True(before > 3 && Directory.GetFiles(folder.Path, "*.seg").Length == 1, $"{before} files, then {Directory.GetFiles(folder.Path, "*.seg").Length}");
        Assert.Equal(150UL, Assert.Single(All(spool)).Sequence);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    public void A_batch_cut_short_by_a_power_failure_is_left_out_and_those_before_it_are_whole(int cut)
    {
        using (var spool = Open())
            for (var i = 0; i < 10; i++) spool.Append(Batch(i));
        var file = Directory.GetFiles(folder.Path, "*.seg").Single();
        using (var stream = File.OpenWrite(file)) stream.SetLength(stream.Length - cut);
        using (var spool = Open())
        {
            Assert.Equal(9, All(spool).Count);
            Assert.True(spool.Append(Batch(10)) > 10); // the number may have been used
            Assert.True(All(spool)[^1].Dropped.Lost >= 1);
        }
        using (var spool = Open()) Assert.Equal(10, All(spool).Count);
    }

    [Fact]
    public void A_flipped_bit_is_noticed()
    {
        using (var spool = Open())
            for (var i = 0; i < 10; i++) spool.Append(Batch(i));
        var file = Directory.GetFiles(folder.Path, "*.seg").Single();
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(file, bytes);
        using var opened = Open();
        Assert.InRange(All(opened).Count, 3, 7);
        opened.Append(Batch(10));
        Assert.InRange(All(opened)[^1].Dropped.Lost, 3UL, 100UL);
        Assert.Equal(All(opened).Select(batch => batch.Sequence).Distinct().Order(), All(opened).Select(batch => batch.Sequence));
    }

    [Fact]
    public void A_full_spool_merges_its_oldest_into_minutes_and_says_so_in_the_batches()
    {
        using var spool = Open(64 * 1024);
        const int Seconds = 600;
        for (var i = 0; i < Seconds; i++)
        {
            spool.Append(Batch(i));
            Assert.True(spool.Bytes <= 64 * 1024);
        }
        var batches = All(spool);
        var merged = batches.TakeWhile(batch => batch.Dropped is not null).ToList();
        Assert.True(merged.Count >= 2);
        Assert.All(batches.Skip(merged.Count), batch => Assert.Null(batch.Dropped)); // the newest are as they were read
        Assert.Equal((ulong)Seconds, batches[^1].Sequence);
        Assert.Equal(batches.Select(batch => batch.Sequence).Distinct().Order(), batches.Select(batch => batch.Sequence));
        // Nothing is missing: what was merged and what was not make all samples.
        Assert.Equal(2UL * Seconds, merged.Aggregate(0UL, (sum, batch) => sum + batch.Dropped.Summarised) + (ulong)batches.Skip(merged.Count).Sum(batch => batch.Samples.Count));
        var first = merged[0];
        var until = (int)first.Sequence; // seconds 0 to until - 1 are in it
        Assert.Equal(2, first.Samples.Count);
        Assert.Equal(Enumerable.Range(0, until).Average(i => i % 100), first.Samples[0].GpuUtil, 3);
        Assert.Equal((ulong)until - 1, first.Samples[0].Energy);
        Assert.Contains("The spool is full at 64 KiB", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_have_been_sent_is_never_merged_also_after_a_restart()
    {
        using (var spool = Open(64 * 1024))
        {
            for (var i = 0; i < 20; i++) spool.Append(Batch(i));
            spool.Sending(5);
        }
        using (var spool = Open(64 * 1024))
        {
            for (var i = 20; i < 900; i++) spool.Append(Batch(i));
            Assert.Equal(Enumerable.Range(1, 5).Select(n => (ulong)n), All(spool).Take(5).Select(batch => batch.Sequence));
            Assert.All(All(spool).Take(5), batch => Assert.Null(batch.Dropped));
            Assert.True(All(spool).Exists(batch => batch.Dropped is not null));
        }
    }

    [Fact]
    public void Where_the_interval_or_another_tag_of_the_host_changes_merging_stops_and_what_was_read_before_keeps_its_interval()
    {
        const int Slow = 1_000, Fast = 3_000, Bytes = 256 * 1024;
        using (var spool = Open(Bytes, interval: 10))
        {
            for (var i = 0; i < Slow; i++) spool.Append(Batch(i * 10, i == 0 ? Host(10) : null));
            spool.Sending(200);
            spool.Acknowledge(200); // the file with the words about the host is gone
        }
        using var faster = Open(Bytes);
        for (var i = 0; i < Fast; i++) faster.Append(Batch(10 * Slow + i, i == 0 ? Host(1) : null));
        var merged = All(faster).Where(batch => batch.Dropped is not null).ToList();
        var (before, after) = (merged.Where(batch => batch.Sequence <= Slow).ToList(), merged.Where(batch => batch.Sequence > Slow).ToList());
        Assert.True(before.Count > 50, $"{before.Count} are merged.");
        Assert.All(before, batch => Assert.Equal((batch.Dropped.Summarised / 2 * 10_000, false), (batch.Samples[0].SpanMs, batch.Host is not null)));
        Assert.Equal(Host(1), after[0].Host);
        Assert.Equal(20_000u, after[0].Samples[0].SpanMs); // the rest of that minute on its own; its first reading is after a gap, by the new interval
    }

    private static HostTags Host(uint interval) => new() { Hostname = "h", IntervalSeconds = interval };

    [Fact]
    public void When_hours_do_not_fit_either_the_newest_of_each_gpu_stay_and_the_lost_are_counted()
    {
        using var spool = Open(16 * 1024, interval: 1800);
        for (var i = 0; i < 3000; i++) spool.Append(Batch(i * 1800)); // two samples an hour: merging gains little
        var batches = All(spool);
        Assert.True(spool.Bytes <= 16 * 1024);
        Assert.Equal(3000UL, batches[^1].Sequence);
        Assert.InRange(batches.Sum(batch => (long)(batch.Dropped?.Lost ?? 0)), 2000, 3000); // of 3000 means of an hour
        Assert.Equal(2, batches[0].Samples.Count);
        Assert.Contains("the others are lost", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_count_of_lost_samples_goes_into_exactly_one_batch()
    {
        using (var spool = Open())
        {
            spool.Append(Batch(0));
            spool.CountLost(3);
            spool.CountLost(4);
        }
        using (var spool = Open())
        {
            spool.Append(Batch(1));
            spool.Append(Batch(2));
        }
        using (var spool = Open())
        {
            spool.Append(Batch(3));
            Assert.Equal([0UL, 7, 0, 0], All(spool).Select(batch => batch.Dropped?.Lost ?? 0));
        }
    }

    [Fact]
    public void A_crash_between_merging_and_removing_the_old_files_leaves_every_batch_once()
    {
        using var before = new TempFolder();
        using (var spool = Open(64 * 1024))
        {
            var second = 0;
            while (spool.Bytes < 62 * 1024) spool.Append(Batch(second++));
            foreach (var file in Directory.GetFiles(folder.Path)) File.Copy(file, before.File(Path.GetFileName(file)));
            for (var i = 0; i < 40; i++) spool.Append(Batch(second++));
        }
        foreach (var old in Directory.GetFiles(before.Path, "*.seg").Where(old => !File.Exists(folder.File(Path.GetFileName(old))))) File.Copy(old, folder.File(Path.GetFileName(old)));
        using var opened = Open(64 * 1024);
        var numbers = All(opened).Select(batch => batch.Sequence).ToList();
        Assert.Equal(numbers.Distinct().Order(), numbers);
        Assert.Contains(All(opened), batch => batch.Dropped is not null);
    }

    [Fact]
    public void A_server_that_knows_higher_numbers_than_the_spool_makes_it_go_on_above_them()
    {
        using (var spool = Open())
        {
            spool.Append(Batch(0));
            spool.Sending(1);
            spool.Greeted(50); // the folder was put back from a copy
            Assert.Equal(51UL, spool.Append(Batch(1)));
            Assert.Equal(51UL, Assert.Single(All(spool)).Sequence);
        }
        using var again = Open();
        Assert.Equal(52UL, again.Append(Batch(2)));
    }

    [Fact]
    public void What_was_read_under_numbers_that_the_server_has_already_gets_others()
    {
        using (var spool = Open(64 * 1024))
        {
            for (var i = 0; i < 20; i++) spool.Append(Batch(i));
            spool.Sending(20);
        }
        using (var spool = Open(64 * 1024))
        {
            for (var i = 20; i < 120; i++) spool.Append(Batch(i));
            spool.Greeted(100);
            Assert.Equal(Enumerable.Range(101, 100).Select(n => (ulong)n), All(spool).Select(batch => batch.Sequence));
            Assert.Equal(Enumerable.Range(20, 100).Select(i => Batch(i).Samples), All(spool).Select(batch => batch.Samples));
            Assert.Equal(201UL, spool.Append(Batch(120)));
            Assert.Equal(Directory.GetFiles(folder.Path, "*.seg").Sum(file => new FileInfo(file).Length), spool.Bytes);
        }
        using var again = Open(64 * 1024);
        again.Greeted(100);
        Assert.Equal(Enumerable.Range(101, 101).Select(n => (ulong)n), All(again).Select(batch => batch.Sequence));
        Assert.All(All(again), batch => Assert.Null(batch.Dropped));
    }

    [Fact]
    public void What_lay_unsent_in_a_copy_under_numbers_that_the_server_has_is_counted_as_lost()
    {
        using (var spool = Open())
        {
            for (var i = 0; i < 10; i++) spool.Append(Batch(i));
            spool.Sending(2);
            spool.Acknowledge(2);
        }
        using (var spool = Open())
            for (var i = 10; i < 20; i++) spool.Append(Batch(i));
        using var again = Open();
        again.Greeted(15); // 3 to 10 may have been sent before, as far as the disk says
        Assert.Equal(21UL, again.Append(Batch(20)));
        Assert.Equal([16UL, 17, 18, 19, 20, 21], All(again).Select(batch => batch.Sequence));
        Assert.Equal(10UL, All(again)[^1].Dropped.Lost); // two of each of 11 to 15
    }

    private Spool Open(long maxBytes = 1024 * 1024, int interval = 1) => Spool.Open(folder.Path, "019a0000-0000-7000-8000-000000000000", maxBytes, TimeSpan.FromSeconds(interval), TimeProvider.System, new(said));

    private static List<SampleBatch> All(Spool spool)
    {
        var all = new List<SampleBatch>();
        for (var at = 0UL; spool.Next(at) is { } batch; at = batch.Sequence) all.Add(batch);
        return all;
    }

    private static SampleBatch Batch(int second, HostTags? host = null)
    {
        var batch = new SampleBatch { Host = host };
        for (var gpu = 0; gpu < 2; gpu++)
        {
            batch.Samples.Add(new Sample
            {
                ObservedAtMs = Start + second * 1000L, GpuIndex = gpu, GpuUuid = $"GPU-{gpu}", GpuName = "Test GPU", GpuUtil = second % 100, MemUsed = 1000, MemTotal = 16_000, Temperature = 50,
                Energy = (ulong)second,
            });
        }
        return batch;
    }
}
