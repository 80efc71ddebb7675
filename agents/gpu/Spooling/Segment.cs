using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Empire.Contracts.V1;
using Google.Protobuf;
using Microsoft.Win32.SafeHandles;

namespace Empire.GpuAgent.Spooling;

/// <summary>How much of what was read a segment still holds.</summary>
internal enum Detail
{
    Everything = 0,
    Minutes = 1,
    Hours = 2,

    /// <summary>The newest sample of each GPU; the others are lost, and counted.</summary>
    Newest = 3,
}

/// <summary>One file of the spool: batches in the order of their numbers, each as length, CRC-32C and the message. The file's name is the first number it may hold, so that the
/// numbering goes on over a restart with an empty spool.</summary>
internal sealed class Segment(string path, ulong first, Detail detail)
{
    public const string Extension = ".seg";
    private const int HeaderBytes = 8;
    private const int MostBytes = 64 * 1024 * 1024; // a length above it is damage

    public string Path => path;
    public ulong First => first;
    public Detail Detail => detail;

    /// <summary>The highest number within; one below <see cref="First"/> while it is empty.</summary>
    public ulong Last { get; set; } = first - 1;
    public long Bytes { get; set; }

    /// <summary>Seconds between two readings, as the last batch within says that speaks of its host; 0: none does.</summary>
    public uint Interval { get; private set; }

    public bool IsEmpty => Last < First;

    public static string NameOf(ulong first, Detail detail) => $"{first:x16}-{(int)detail}{Extension}";

    /// <returns>Null where the name is not a segment's.</returns>
    public static Segment? FromPath(string path)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        return name.Length == 18 && name[16] == '-' && ulong.TryParse(name.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var first) && name[17] is >= '0' and <= '3'
            ? new(path, first, (Detail)(name[17] - '0'))
            : null;
    }

    /// <summary>The bytes of a batch as they lie in a segment.</summary>
    public static byte[] Encode(SampleBatch batch)
    {
        var record = new byte[HeaderBytes + batch.CalculateSize()];
        var body = record.AsSpan(HeaderBytes);
        batch.WriteTo(body);
        BinaryPrimitives.WriteInt32LittleEndian(record, body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), Crc(body));
        return record;
    }

    /// <summary>The batch at a place of the file, and the place after it; null at the end or at what is damaged.</summary>
    public static SampleBatch? Read(SafeFileHandle file, ref long offset)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (RandomAccess.Read(file, header, offset) < HeaderBytes) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is <= 0 or > MostBytes) return null;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var body = rented.AsSpan(0, length);
            if (RandomAccess.Read(file, body, offset + HeaderBytes) < length || Crc(body) != BinaryPrimitives.ReadUInt32LittleEndian(header[4..])) return null;
            offset += HeaderBytes + length;
            return SampleBatch.Parser.ParseFrom(body);
        }
        catch (InvalidProtocolBufferException)
        {
            return null; // a sum that fits by chance, or a file of another version
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public void Heed(SampleBatch batch)
    {
        Last = batch.Sequence;
        if (batch.Host is { IntervalSeconds: > 0 } host) Interval = host.IntervalSeconds;
    }

    /// <summary>Reads through to the end of what is whole, sets <see cref="Last"/>, <see cref="Interval"/> and <see cref="Bytes"/>, and tells how many bytes behind it are not.</summary>
    public long Scan()
    {
        using var file = File.OpenHandle(Path);
        var offset = 0L;
        while (Read(file, ref offset) is { } batch) Heed(batch);
        Bytes = offset;
        return RandomAccess.GetLength(file) - offset;
    }

    public List<SampleBatch> ReadAll()
    {
        var batches = new List<SampleBatch>();
        using var file = File.OpenHandle(Path);
        var offset = 0L;
        while (offset < Bytes && Read(file, ref offset) is { } batch) batches.Add(batch);
        return batches;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
