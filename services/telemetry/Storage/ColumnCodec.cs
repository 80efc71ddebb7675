using System.Text;

namespace Empire.Telemetry.Storage;

/// <summary>Bytes written one behind the other, from a buffer that grows.</summary>
internal sealed class ByteWriter
{
    private byte[] buffer = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value)
    {
        if (Length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        buffer[Length++] = value;
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        while (Length + bytes.Length > buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        bytes.CopyTo(buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Seven bits a byte, the low ones first, as protobuf does.</summary>
    public void Varint(ulong value)
    {
        if (Length + 10 > buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        while (value >= 0x80)
        {
            buffer[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        buffer[Length++] = (byte)value;
    }

    public void Text(string text)
    {
        Varint((ulong)Encoding.UTF8.GetByteCount(text));
        Bytes(Encoding.UTF8.GetBytes(text));
    }
}

/// <summary>Reads what <see cref="ByteWriter"/> wrote.</summary>
/// <exception cref="InvalidDataException">From any member: the bytes end too early.</exception>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;

    public readonly bool AtEnd => at >= bytes.Length;

    public byte Byte() => at < bytes.Length ? bytes[at++] : throw new InvalidDataException("The block ends too early.");

    public ulong Varint()
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
            if ((shift += 7) > 63) throw new InvalidDataException("A number of the block is too long.");
        }
    }

    public int Length()
    {
        var length = Varint();
        return length <= (ulong)(bytes.Length - at) ? (int)length : throw new InvalidDataException("The block ends too early.");
    }

    public ReadOnlySpan<byte> Bytes(int length)
    {
        at += length;
        return bytes.Slice(at - length, length);
    }

    public string Text() => Encoding.UTF8.GetString(Bytes(Length()));
}

/// <summary>A column of whole numbers in few bytes: differences between neighbours as zigzag varints, a zero followed by how many more zeros. What stands still, or
/// counts evenly, costs nearly nothing. Migration 0001 reads the same form in SQL.</summary>
internal static class ColumnCodec
{
    private const byte WithGaps = 1;

    /// <param name="secondOrder">Encodes differences of differences: for what grows evenly, as time does.</param>
    public static void Write(ByteWriter to, ReadOnlySpan<long> values, bool secondOrder = false)
    {
        var gaps = values.Contains(Metrics.Unknown);
        to.Byte(gaps ? WithGaps : (byte)0);
        if (gaps) WriteRuns(to, values);
        var (before, difference, zeros, first) = (0L, 0L, 0UL, true);
        foreach (var value in values)
        {
            if (value == Metrics.Unknown) continue;
            var delta = unchecked(value - before);
            before = value;
            if (secondOrder && !first)
            {
                (delta, difference) = (unchecked(delta - difference), delta);
            }
            first = false;
            if (delta == 0)
            {
                zeros++;
                continue;
            }
            FlushZeros(to, ref zeros);
            to.Varint((ulong)((delta << 1) ^ (delta >> 63)));
        }
        FlushZeros(to, ref zeros);
    }

    /// <param name="into">As many as were written.</param>
    public static void Read(ReadOnlySpan<byte> payload, Span<long> into, bool secondOrder = false)
    {
        var reader = new ByteReader(payload);
        var gaps = (reader.Byte() & WithGaps) != 0;
        var present = into.Length;
        if (gaps) present = ReadRuns(ref reader, into);
        var (value, difference, zeros, first) = (0L, 0L, 0UL, true);
        for (var i = 0; i < into.Length; i++)
        {
            if (gaps && into[i] == Metrics.Unknown) continue;
            var delta = 0L;
            if (zeros > 0) zeros--;
            else
            {
                var word = reader.Varint();
                if (word == 0) zeros = reader.Varint();
                delta = (long)(word >> 1) ^ -(long)(word & 1);
            }
            if (secondOrder && !first) delta = difference = unchecked(difference + delta);
            first = false;
            into[i] = value = unchecked(value + delta);
            present--;
        }
        if (present != 0) throw new InvalidDataException("A column has another length than its block.");
    }

    private static void FlushZeros(ByteWriter to, ref ulong zeros)
    {
        if (zeros == 0) return;
        to.Varint(0);
        to.Varint(zeros - 1);
        zeros = 0;
    }

    private static void WriteRuns(ByteWriter to, ReadOnlySpan<long> values)
    {
        var (present, run) = (true, 0UL);
        foreach (var value in values)
        {
            if (value != Metrics.Unknown != present)
            {
                to.Varint(run);
                (present, run) = (!present, 0);
            }
            run++;
        }
        to.Varint(run);
    }

    /// <summary>Marks what is absent.</summary>
    private static int ReadRuns(ref ByteReader reader, Span<long> into)
    {
        var (at, present, count) = (0, true, 0);
        while (at < into.Length)
        {
            var run = reader.Varint();
            if (run > (ulong)(into.Length - at)) throw new InvalidDataException("A column has another length than its block.");
            into.Slice(at, (int)run).Fill(present ? 0 : Metrics.Unknown);
            if (present) count += (int)run;
            at += (int)run;
            present = !present;
        }
        return count;
    }
}
