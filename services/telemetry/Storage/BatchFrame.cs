namespace Empire.Telemetry.Storage;

/// <summary>Blocks of several series in one row of <c>intake</c>.</summary>
internal static class BatchFrame
{
    public static byte[] Write(IReadOnlyList<(long Gpu, GpuBlock Block)> blocks)
    {
        var (frame, encoded) = (new ByteWriter(), new ByteWriter());
        foreach (var (gpu, block) in blocks)
        {
            BlockCodec.Write(encoded, block, 0, block.Count);
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
