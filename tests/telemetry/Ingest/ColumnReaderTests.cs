using Empire.Contracts.V1;
using Empire.Telemetry.Ingest;
using Empire.Telemetry.Ingest.Wire;
using Empire.Telemetry.Prices;
using Empire.Telemetry.Storage;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Tests.Ingest;

/// <summary>The reader of columns against the parser that protobuf generates, the rules and the builder: the same bytes for the log, or it gives up.</summary>
public sealed class ColumnReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    private static readonly HostProfile Host = new("aws", "us-east-1", "p4de.24xlarge", false, 10);
    private static readonly PriceBook Prices = new(Options.Create(new PriceOptions()));

    [Fact]
    public void Everyday_batches_are_read_and_become_the_same_bytes() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var batch = Everyday(new Random(seed), most: seed % 20 == 0 ? 2_500 : 60);
        var columns = new BatchColumns();
        return ColumnReader.TryRead(batch.ToByteArray(), Now, columns) && Same(columns, batch) && columns.Head.Equals(HeadOf(batch));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_used_one_reads_as_a_new_one() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var columns = new BatchColumns();
        for (var i = 0; i < 4; i++)
        {
            var batch = Everyday(random, most: 300);
            var bytes = batch.ToByteArray();
            if (random.Next(4) == 0) ColumnReader.TryRead(bytes.AsSpan(0, random.Next(bytes.Length)), Now, columns); // gives up somewhere
            Assert.True(columns.TryReset());
            if (!ColumnReader.TryRead(bytes, Now, columns) || !Same(columns, batch)) return false;
            Assert.True(columns.TryReset());
        }
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void Whatever_is_wrong_or_rare_makes_it_give_up_or_read_what_the_generated_parser_reads() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var batch = Everyday(random, most: 20);
        for (var i = random.Next(1, 3); i > 0 && batch.Samples.Count > 0; i--) Spoil(batch.Samples[random.Next(batch.Samples.Count)], random);
        if (random.Next(8) == 0) batch.Sequence = (ulong)random.Next(2) * ulong.MaxValue;
        if (random.Next(8) == 0) batch.AgentId = random.Next(2) == 0 ? "" : Guid.Empty.ToString();
        if (random.Next(8) == 0) batch.Host = new() { IntervalSeconds = 3601 };
        return Agrees(batch.ToByteArray());
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Fact]
    public void Broken_bytes_make_it_give_up_or_read_what_the_generated_parser_reads() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var bytes = Everyday(random, most: 4).ToByteArray();
        for (var i = random.Next(1, 4); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        if (random.Next(3) == 0) bytes = bytes[..random.Next(bytes.Length + 1)];
        return Agrees(bytes);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(10_000));

    [Fact]
    public void A_message_of_anything_makes_it_give_up_or_read_what_the_generated_parser_reads() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        Agrees(Made(SampleBatch.Descriptor, new Random(seed), most: 3).ToByteArray())).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Fields_in_another_order_or_said_twice_are_read_as_the_generated_parser_reads_them()
    {
        var batch = Everyday(new Random(1), most: 1);
        batch.Samples.Add(Sample(0, Now.ToUnixTimeMilliseconds()));
        byte[] later = [.. new SampleBatch { Samples = { batch.Samples } }.ToByteArray(), .. new SampleBatch { AgentId = "x", Sequence = 1 }.ToByteArray(), .. new SampleBatch { AgentId = batch.AgentId, Sequence = 7 }.ToByteArray()];
        var columns = new BatchColumns();
        Assert.True(ColumnReader.TryRead(later, Now, columns));
        Assert.Equal((batch.AgentId, 7UL), (columns.Head.AgentId, columns.Head.Sequence));
        Assert.True(Agrees(later));
    }

    [Fact]
    public void Fields_of_a_newer_agent_are_left_to_the_generated_parser()
    {
        byte[] bytes = [.. Everyday(new Random(3), most: 3).ToByteArray(), 0xfa, 0x07, 2, 1, 2]; // field 127
        Assert.False(ColumnReader.TryRead(bytes, Now, new()));
    }

    [Fact]
    public void A_clock_that_makes_times_useless_is_left_to_whoever_corrects_them()
    {
        var batch = Everyday(new Random(3), most: 3);
        batch.ClockMs = Now.AddMinutes(6).ToUnixTimeMilliseconds();
        Assert.False(ColumnReader.TryRead(batch.ToByteArray(), Now, new()));
    }

    private static bool Agrees(byte[] bytes)
    {
        var columns = new BatchColumns();
        if (!ColumnReader.TryRead(bytes, Now, columns)) return true;
        var batch = SampleBatch.Parser.ParseFrom(bytes);
        return SampleRules.Check(batch, numbered: true, Now).Count == 0 && Same(columns, batch) && columns.Head.Equals(HeadOf(batch));
    }

    private static SampleBatch HeadOf(SampleBatch batch)
    {
        var head = batch.Clone();
        head.Samples.Clear();
        return head;
    }

    /// <summary>The same series in the same order, and the same bytes of each.</summary>
    private static bool Same(BatchColumns columns, SampleBatch batch)
    {
        var wanted = BatchBuilder.Build(batch, Host, Prices);
        foreach (var (key, block) in columns.Parts.SelectMany(part => part)) new KnownSeries(1).Price(block, key, Host, Prices);
        return columns.Count == batch.Samples.Count && columns.Parts.Select(Told).SequenceEqual(wanted.Select(Told));

        static string Told(List<(SeriesKey Series, GpuBlock Block)> part) =>
            string.Join('\n', part.Select(block => $"{block.Series} {Convert.ToHexString(BatchFrame.Write([(1L, block.Block)]))}"));
    }

    private static SampleBatch Everyday(Random random, int most)
    {
        var batch = new SampleBatch { AgentId = Guid.CreateVersion7().ToString(), Sequence = (ulong)random.Next(1, int.MaxValue) };
        if (random.Next(2) == 0) batch.Host = new() { Hostname = "ü", Provider = "aws", IntervalSeconds = 10, Labels = { ["team"] = "vision" } };
        if (random.Next(2) == 0) batch.Dropped = new() { Lost = 3, Summarised = 60 };
        if (random.Next(2) == 0) batch.ClockMs = Now.AddMinutes(random.Next(-60, 6)).ToUnixTimeMilliseconds();
        var (gpus, time) = (random.Next(1, 10), Now.AddDays(-1).ToUnixTimeMilliseconds());
        for (var i = random.Next(most + 1); i > 0; i--)
        {
            if (random.Next(3) == 0) time += random.Next(10_000);
            var sample = Sample(random.Next(gpus), time);
            if (random.Next(2) == 0) sample.MemUtil = random.NextSingle() * 100;
            if (random.Next(2) == 0) sample.Temperature = random.Next(-100, 301);
            if (random.Next(2) == 0) sample.Power = random.NextSingle() * 700;
            if (random.Next(2) == 0) sample.Energy = (ulong)random.NextInt64();
            if (random.Next(2) == 0) sample.SmClock = (uint)random.NextInt64(uint.MaxValue);
            if (random.Next(2) == 0) sample.MemClock = (uint)random.Next(3000);
            if (random.Next(2) == 0) sample.ThrottleReasons = (ulong)random.Next(512);
            if (random.Next(2) == 0) sample.EccCorrected = (ulong)random.Next(3);
            if (random.Next(2) == 0) sample.EccUncorrected = (ulong)random.Next(3);
            if (random.Next(2) == 0) sample.Xid = (uint)random.Next(100);
            if (random.Next(2) == 0) sample.PcieRx = (ulong)random.Next(1_000_000);
            if (random.Next(2) == 0) sample.PcieTx = (ulong)random.Next(1_000_000);
            if (random.Next(2) == 0) sample.SpanMs = (uint)random.Next(1, 14_400_001);
            if (random.Next(3) == 0) sample.CostPerHour = new() { Currency = "USD", Micros = random.Next(5_000_000) };
            if (random.Next(3) == 0) sample.JobId = $"piece_{random.Next(3)}";
            for (var p = random.Next(4) == 0 ? random.Next(5) : 0; p > 0; p--)
            {
                var process = new ProcessSample { Pid = (uint)random.Next(), Name = $"python{random.Next(3)}" };
                if (random.Next(2) == 0) process.Mem = random.Next(80_000);
                if (random.Next(2) == 0) process.Sm = random.NextSingle() * 100;
                if (random.Next(2) == 0) process.JobId = $"job{random.Next(3)}";
                sample.Processes.Add(process);
            }
            batch.Samples.Add(sample);
        }
        return batch;

    }

    private static Sample Sample(int gpu, long time) => new()
    {
        ObservedAtMs = time, GpuIndex = gpu, GpuName = gpu == 3 ? "NVIDIA A100-SXM4-80GB" : "Tesla V100", GpuUuid = gpu == 4 ? "" : $"GPU-{gpu}", GpuUtil = gpu * 7.5f, MemUsed = gpu * 1_000, MemTotal = gpu == 5 ? time % 2 * 1_000 + 16_384 : 81_920,
    };

    private static void Spoil(Sample sample, Random random)
    {
        Action<Sample>[] ways =
        [
            s => s.ClearGpuIndex(), s => s.GpuIndex = -1, s => s.GpuIndex = 2, s => s.GpuName = "", s => s.GpuName = new('x', 101), s => s.GpuName = "a\0", s => s.GpuName = "another", s => s.GpuUuid = new('y', 101), s => s.GpuUuid = "\0",
            s => s.ClearGpuUtil(), s => s.GpuUtil = float.NaN, s => s.GpuUtil = 100.1f, s => s.GpuUtil = -0.1f, s => s.MemUtil = 101, s => s.ClearMemUsed(), s => s.MemUsed = -1, s => s.ClearMemTotal(), s => s.MemTotal = -5,
            s => s.MemUsed = s.MemTotal + 1, s => s.MemTotal = (1L << 40) + 1, s => s.Temperature = 301, s => s.Temperature = -101, s => s.Power = 100_001, s => s.Power = -1, s => s.Power = float.PositiveInfinity, s => s.Energy = ulong.MaxValue,
            s => s.PcieRx = 1UL << 63, s => s.SpanMs = 0, s => s.SpanMs = 14_400_001, s => s.MigInstance = 1, s => s.MigEnabled = true, s => s.CostPerHour = new() { Currency = "EUR", Micros = 1 }, s => s.CostPerHour = new() { Currency = "USD", Micros = -1 },
            s => s.CostPerHour = new() { Currency = "USD", Micros = 10_000_000_001 }, s => s.JobId = new('j', 256), s => s.JobId = "j\0", s => s.ObservedAtMs = 0, s => s.ObservedAtMs -= random.Next(100_000),
            s => s.ObservedAtMs = Now.AddMinutes(6).ToUnixTimeMilliseconds(), s => s.Processes.Add(new ProcessSample { Sm = 101 }), s => s.Processes.Add(new ProcessSample { Mem = -1 }), s => s.Processes.Add(new ProcessSample { Name = "\0" }),
            s => s.Processes.Add(Enumerable.Repeat(new ProcessSample { Pid = 1 }, 257)),
        ];
        ways[random.Next(ways.Length)](sample);
    }

    /// <summary>A message with about half of its fields set, to anything.</summary>
    private static IMessage Made(MessageDescriptor of, Random random, int most)
    {
        var message = of.Parser.ParseFrom(ReadOnlySpan<byte>.Empty);
        foreach (var field in of.Fields.InDeclarationOrder())
        {
            if (field.IsMap)
            {
                ((System.Collections.IDictionary)field.Accessor.GetValue(message))["team"] = "ü" + random.Next(3);
                continue;
            }
            if (field.IsRepeated)
            {
                var list = (System.Collections.IList)field.Accessor.GetValue(message);
                for (var i = random.Next(most); i > 0; i--) list.Add(Made(field.MessageType, random, most: 3));
                continue;
            }
            if (random.Next(2) == 0) continue;
            field.Accessor.SetValue(message, field.FieldType switch
            {
                FieldType.String => random.Next(3) switch { 0 => "", 1 => $"GPU-{random.Next(4)}", _ => new string('x', random.Next(200)) + random.Next(3) },
                FieldType.Int32 => random.Next(int.MinValue, int.MaxValue),
                FieldType.UInt32 => (uint)random.NextInt64(uint.MaxValue),
                FieldType.Int64 => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64),
                FieldType.UInt64 => (ulong)random.NextInt64() >> random.Next(60),
                FieldType.Float => random.NextSingle() * 100,
                FieldType.Bool => true,
                FieldType.Message => Made(field.MessageType, random, most),
                _ => throw new NotSupportedException($"{field.FieldType}"),
            });
        }
        return message;
    }
}
