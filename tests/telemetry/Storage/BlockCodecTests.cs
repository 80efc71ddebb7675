using Empire.Telemetry.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace Empire.Telemetry.Tests.Storage;

public sealed class BlockCodecTests
{
    private static readonly Gen<long> Values = Gen.OneOf(
        Gen.Choose(0, 10_000).Select(value => (long)value), Gen.Constant(0L), Gen.Constant(Metrics.Unknown), Gen.Elements(long.MaxValue, long.MinValue + 1, -1L, 1L << 62),
        ArbMap.Default.GeneratorFor<int>().Select(value => (long)value));

    private static readonly Gen<long[]> Columns =
        from length in Gen.Choose(1, 300)
        from runs in Gen.Elements(false, true)
        from values in Gen.ArrayOf(Values, length)
        select runs ? [.. values.SelectMany(value => Enumerable.Repeat(value, (int)(((ulong)value % 7) + 1))).Take(length)] : values;

    [Fact]
    public void A_column_is_read_as_it_was_written() => Prop.ForAll((from values in Columns from second in Gen.Elements(false, true) select (values, second)).ToArbitrary(), column =>
    {
        var bytes = new ByteWriter();
        ColumnCodec.Write(bytes, column.values, column.second);
        var read = new long[column.values.Length];
        ColumnCodec.Read(bytes.Written, read, column.second);
        return read.SequenceEqual(column.values);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void A_block_is_read_as_it_was_written() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var block = Random(new Random(seed));
        var bytes = new ByteWriter();
        BlockCodec.Write(bytes, block, 0, block.Count);
        return Same(block, BlockCodec.Read(bytes.Written));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_part_of_a_block_and_blocks_joined_are_what_they_were()
    {
        var block = Random(new Random(5));
        var (joined, bytes) = (new GpuBlock(1), new ByteWriter());
        for (var from = 0; from < block.Count; from += 7)
        {
            BlockCodec.Write(bytes, block, from, Math.Min(7, block.Count - from));
            joined.Append(BlockCodec.Read(bytes.Written));
            bytes.Clear();
        }
        Assert.True(Same(block, joined));
    }

    [Fact]
    public void Bytes_that_were_cut_off_are_refused()
    {
        var block = Random(new Random(7));
        var bytes = new ByteWriter();
        BlockCodec.Write(bytes, block, 0, block.Count);
        var whole = bytes.Written.ToArray();
        for (var length = 0; length < whole.Length; length++)
        {
            try
            {
                Assert.False(Same(block, BlockCodec.Read(whole.AsSpan(0, length))), $"{length} of {whole.Length} bytes gave the whole block.");
            }
            catch (InvalidDataException)
            {
                // as it should be; only a cut between two columns reads, as a block that knows less
            }
        }
    }

    private static GpuBlock Random(Random random)
    {
        var count = random.Next(1, 200);
        var block = new GpuBlock(1);
        var time = 1_780_000_000_000L;
        var jobs = new[] { "", "training", "render-é" };
        for (var i = 0; i < count; i++)
        {
            var at = block.Add(time += random.Next(10) == 0 ? random.Next(100_000) : 10_000);
            foreach (var metric in Enum.GetValues<Metric>())
                if (random.Next(4) != 0) block.Set(metric, at, random.Next(3) == 0 ? random.NextInt64() : random.Next(10_000));
            if (random.Next(2) == 0) block.SetJob(at, jobs[random.Next(3)]);
            if (random.Next(2) == 0)
                block.SetProcesses(at, [.. Enumerable.Range(0, random.Next(4)).Select(p => new ProcessReading((uint)random.Next(), $"python{p}", random.Next(2) == 0 ? null : random.Next(80_000), random.Next(2) == 0 ? null : random.Next(10_000), jobs[random.Next(3)]))]);
        }
        return block;
    }

    private static bool Same(GpuBlock a, GpuBlock b) =>
        a.Count == b.Count && Enumerable.Range(0, a.Count).All(i => a.Times[i] == b.Times[i] && a.JobOf(i) == b.JobOf(i) && a.ProcessesOf(i).SequenceEqual(b.ProcessesOf(i))
            && Enum.GetValues<Metric>().All(metric => a[metric, i] == b[metric, i]));
}
