using System.Buffers.Binary;

namespace System.IO.Hashing;

/// <summary>The CRC-64 of ECMA-182, annex B; the hash is in big-endian order.</summary>
public sealed class Crc64() : NonCryptographicHashAlgorithm(HashBytes)
{
    const int HashBytes = 8;
    const ulong Polynomial = 0x42F0E1EBA9EA3693;

    static readonly ulong[] Table = BuildTable();

    ulong register;

    public static byte[] Hash(byte[] source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Hash(source.AsSpan());
    }

    public static byte[] Hash(ReadOnlySpan<byte> source)
    {
        var hash = new byte[HashBytes];
        BinaryPrimitives.WriteUInt64BigEndian(hash, HashToUInt64(source));
        return hash;
    }

    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than the hash.</exception>
    public static int Hash(ReadOnlySpan<byte> source, Span<byte> destination) =>
        TryHash(source, destination, out var bytesWritten) ? bytesWritten : throw TooShort(nameof(destination));

    public static bool TryHash(ReadOnlySpan<byte> source, Span<byte> destination, out int bytesWritten)
    {
        var written = BinaryPrimitives.TryWriteUInt64BigEndian(destination, HashToUInt64(source));
        bytesWritten = written ? HashBytes : 0;
        return written;
    }

    public static ulong HashToUInt64(ReadOnlySpan<byte> source) => Update(0, source);

    public override void Append(ReadOnlySpan<byte> source) => register = Update(register, source);

    public override void Reset() => register = 0;

    public ulong GetCurrentHashAsUInt64() => register;

    protected override void GetCurrentHashCore(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, register);

    static ulong Update(ulong register, ReadOnlySpan<byte> source)
    {
        foreach (var value in source) register = Table[(register >> 56) ^ value] ^ register << 8;
        return register;
    }

    static ulong[] BuildTable()
    {
        var table = new ulong[256];
        for (ulong value = 0; value < 256; value++)
        {
            var entry = value << 56;
            for (var bit = 0; bit < 8; bit++) entry = (entry & 1UL << 63) == 0 ? entry << 1 : entry << 1 ^ Polynomial;
            table[value] = entry;
        }

        return table;
    }
}
