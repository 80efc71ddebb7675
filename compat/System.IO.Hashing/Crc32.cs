using System.Buffers.Binary;

namespace System.IO.Hashing;

/// <summary>The CRC-32 of Ethernet, gzip and PNG; the hash is in little-endian order.</summary>
public sealed class Crc32() : NonCryptographicHashAlgorithm(HashBytes)
{
    const int HashBytes = 4;
    const uint ReflectedPolynomial = 0xEDB88320, Start = uint.MaxValue;

    /// <summary>Eight tables of 256: table k holds what a byte does to the register once k more bytes have passed.</summary>
    static readonly uint[][] Tables = BuildTables();

    uint register = Start;

    public static byte[] Hash(byte[] source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Hash(source.AsSpan());
    }

    public static byte[] Hash(ReadOnlySpan<byte> source)
    {
        var hash = new byte[HashBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(hash, HashToUInt32(source));
        return hash;
    }

    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than the hash.</exception>
    public static int Hash(ReadOnlySpan<byte> source, Span<byte> destination) =>
        TryHash(source, destination, out var bytesWritten) ? bytesWritten : throw TooShort(nameof(destination));

    public static bool TryHash(ReadOnlySpan<byte> source, Span<byte> destination, out int bytesWritten)
    {
        var written = BinaryPrimitives.TryWriteUInt32LittleEndian(destination, HashToUInt32(source));
        bytesWritten = written ? HashBytes : 0;
        return written;
    }

    public static uint HashToUInt32(ReadOnlySpan<byte> source) => ~Update(Start, source);

    public override void Append(ReadOnlySpan<byte> source) => register = Update(register, source);

    public override void Reset() => register = Start;

    public uint GetCurrentHashAsUInt32() => ~register;

    protected override void GetCurrentHashCore(Span<byte> destination) => BinaryPrimitives.WriteUInt32LittleEndian(destination, ~register);

    static uint Update(uint register, ReadOnlySpan<byte> source)
    {
        for (; source.Length >= 8; source = source[8..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(source) ^ register;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
            register = Tables[7][(byte)low] ^ Tables[6][(byte)(low >> 8)] ^ Tables[5][(byte)(low >> 16)] ^ Tables[4][low >> 24]
                ^ Tables[3][(byte)high] ^ Tables[2][(byte)(high >> 8)] ^ Tables[1][(byte)(high >> 16)] ^ Tables[0][high >> 24];
        }

        foreach (var value in source) register = Tables[0][(byte)(register ^ value)] ^ register >> 8;
        return register;
    }

    static uint[][] BuildTables()
    {
        var tables = new uint[8][];
        for (var k = 0; k < tables.Length; k++)
        {
            tables[k] = new uint[256];
            for (uint value = 0; value < 256; value++)
            {
                var entry = k == 0 ? value : tables[k - 1][value];
                if (k == 0)
                {
                    for (var bit = 0; bit < 8; bit++) entry = (entry & 1) == 0 ? entry >> 1 : entry >> 1 ^ ReflectedPolynomial;
                }
                else
                {
                    entry = tables[0][(byte)entry] ^ entry >> 8;
                }

                tables[k][value] = entry;
            }
        }

        return tables;
    }
}
