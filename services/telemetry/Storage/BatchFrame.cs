namespace Empire.Telemetry.Storage;

/// <summary>Blocks of several series in one row of <c>intake</c>.</summary>
internal static class BatchFrame
{
    public static byte[] Write(IEnumerable<(long Gpu, GpuBlock Block)> blocks) => Write(blocks.Select(block => (block.Gpu, block.Block, 0, block.Block.Count)));

    /// <param name="parts">Of each block so many samples from one on.</param>
    public static byte[] Write(IEnumerable<(long Gpu, GpuBlock Block, int From, int Count)> parts)
    {
        var (frame, encoded) = (new ByteWriter(), new ByteWriter());
        foreach (var (gpu, block, from, count) in parts)
        {
            BlockCodec.Write(encoded, block, from, count);
            frame.Varint((ulong)gpu);
            frame.Varint((ulong)encoded.Length);
            frame.Bytes(encoded.Written);
            encoded.Clear();
        }
        return frame.Written.ToArray();
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
