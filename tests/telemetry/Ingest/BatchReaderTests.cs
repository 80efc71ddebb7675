using Empire.Contracts.V1;
using Empire.Telemetry.Ingest.Wire;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Empire.Telemetry.Tests.Ingest;

/// <summary>The reader of batches against the parser that protobuf generates: the same batch, or the same refusal.</summary>
public sealed class BatchReaderTests
{
    [Fact]
    public void A_batch_is_what_the_generated_parser_makes_of_it() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var batch = (SampleBatch)Made(SampleBatch.Descriptor, new Random(seed), most: 40);
        return BatchReader.Read(batch.ToByteArray()).Equals(batch);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Broken_bytes_are_refused_where_the_generated_parser_refuses_them_and_read_as_it_reads_them() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var bytes = Made(SampleBatch.Descriptor, random, most: 4).ToByteArray();
        for (var i = random.Next(1, 4); i > 0 && bytes.Length > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        if (random.Next(3) == 0) bytes = bytes[..random.Next(bytes.Length + 1)];
        var (wanted, read) = (Outcome(() => SampleBatch.Parser.ParseFrom(bytes)), Outcome(() => BatchReader.Read(bytes)));
        return Equals(wanted, read);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Fields_of_a_newer_agent_do_no_harm()
    {
        var batch = new SampleBatch { AgentId = Guid.CreateVersion7().ToString(), Sequence = 1, Samples = { new Sample { GpuIndex = 1, GpuName = "L4", MemUsed = 1 } } };
        byte[] bytes = [.. batch.ToByteArray(), 0xfa, 0x07, 2, 1, 2]; // field 127
        Assert.Equal((batch.AgentId, 1), (BatchReader.Read(bytes).AgentId, BatchReader.Read(bytes).Samples.Count));
    }

    [Fact]
    public void A_name_that_is_said_twice_is_one_text()
    {
        var batch = new SampleBatch { Samples = { new Sample { GpuName = "NVIDIA L4" }, new Sample { GpuName = "NVIDIA L4" } } };
        var read = BatchReader.Read(batch.ToByteArray());
        Assert.Same(read.Samples[0].GpuName, read.Samples[1].GpuName);
    }

    private static SampleBatch? Outcome(Func<SampleBatch> read)
    {
        try { return read(); }
        catch (InvalidProtocolBufferException) { return null; }
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
