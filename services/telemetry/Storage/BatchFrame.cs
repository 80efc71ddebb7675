namespace Empire.Telemetry.Storage;

/// <summary>Blocks of several series in one row of <c>intake</c>.</summary>
internal static class BatchFrame
{
    public static byte[] Write(IEnumerable<(long Gpu, GpuBlock Block)> blocks) => Write(blocks.Select(block => (block.Gpu, block.Block, 0, block.Block.Count)));

    /// <param name="parts">Of each block so many samples from one on.</param>
    public static byte[] Write(IEnumerable<(long Gpu, GpuBlock Block, int From, int Count)> parts)
    {
        var frame = new FrameWriter();
        foreach (var (gpu, block, from, count) in parts) frame.Add(gpu, block, from, count);
        return frame.Take();
    }

    public static List<(long Gpu, GpuBlock Block)> Read(ReadOnlySpan<byte> frame)
    {
        var blocks = new List<(long, GpuBlock)>();
        var reader = new ByteReader(frame);
        while (!reader.AtEnd)
        {
            var gpu = (long)reader.Varint();
            blocks.Add((gpu, BlockCodec.Read(reader.Bytes(reader.Length()))));
        }
        return blocks;
    }
}

/// <summary>Writes one <see cref="BatchFrame"/> after another, in the same memory.</summary>
internal sealed class FrameWriter
{
    private readonly ByteWriter frame = new(), encoded = new(), column = new();

    /// <param name="count">Samples of the block from <paramref name="from"/> on.</param>
    public void Add(long gpu, GpuBlock block, int from, int count)
    {
        BlockCodec.Write(encoded, block, from, count, column);
        frame.Varint((ulong)gpu);
        frame.Varint((ulong)encoded.Length);
        frame.Bytes(encoded.Written);
        encoded.Clear();
    }

    /// <returns>What was added since the last one.</returns>
    public byte[] Take()
    {
        var taken = frame.Written.ToArray();
        frame.Clear();
        return taken;
    }
}
