using System.Buffers;
using System.Buffers.Binary;

namespace Grpc.Net.Wire;

/// <summary>The five bytes before every message: is it compressed, and its length in big-endian order.</summary>
readonly record struct MessageHeader(bool IsCompressed, uint Length)
{
    public const int Size = 5;

    public void WriteTo(IBufferWriter<byte> target)
    {
        var span = target.GetSpan(Size);
        span[0] = IsCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], Length);
        target.Advance(Size);
    }

    /// <returns>False while not all of it is there.</returns>
    /// <exception cref="InvalidDataException">The flag is neither 0 nor 1.</exception>
    public static bool TryRead(in ReadOnlySequence<byte> buffer, out MessageHeader header)
    {
        header = default;
        if (buffer.Length < Size) return false;
        Span<byte> copy = stackalloc byte[Size];
        scoped var bytes = buffer.FirstSpan;
        if (bytes.Length < Size)
        {
            buffer.Slice(0, Size).CopyTo(copy);
            bytes = copy;
        }

        if (bytes[0] > 1) throw new InvalidDataException($"The first byte of a message is {bytes[0]}; only 0 and 1 are defined.");
        header = new(bytes[0] == 1, BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]));
        return true;
    }
}
