using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace System.IO.Hashing;

/// <summary>XXH32 of the xxHash family; the hash is in big-endian order.</summary>
public sealed class XxHash32 : NonCryptographicHashAlgorithm
{
    const int HashBytes = 4, StripeBytes = 16;

    // The primes of the specification (xxHash fast digest algorithm, version 0.2.0).
    const uint Prime1 = 0x9E3779B1, Prime2 = 0x85EBCA77, Prime3 = 0xC2B2AE3D, Prime4 = 0x27D4EB2F, Prime5 = 0x165667B1;

    readonly byte[] pending = new byte[StripeBytes];
    readonly uint seed;
    Lanes lanes;
    ulong length;

    public XxHash32() : this(0)
    {
    }

    public XxHash32(int seed) : base(HashBytes)
    {
        this.seed = (uint)seed;
        Reset();
    }

    public static byte[] Hash(byte[] source) => Hash(source, 0);

    public static byte[] Hash(byte[] source, int seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Hash(source.AsSpan(), seed);
    }

    public static byte[] Hash(ReadOnlySpan<byte> source, int seed = 0)
    {
        var hash = new byte[HashBytes];
        BinaryPrimitives.WriteUInt32BigEndian(hash, HashToUInt32(source, seed));
        return hash;
    }

    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than the hash.</exception>
    public static int Hash(ReadOnlySpan<byte> source, Span<byte> destination, int seed = 0) =>
        TryHash(source, destination, out var bytesWritten, seed) ? bytesWritten : throw TooShort(nameof(destination));

    public static bool TryHash(ReadOnlySpan<byte> source, Span<byte> destination, out int bytesWritten, int seed = 0)
    {
        var written = BinaryPrimitives.TryWriteUInt32BigEndian(destination, HashToUInt32(source, seed));
        bytesWritten = written ? HashBytes : 0;
        return written;
    }

    public static uint HashToUInt32(ReadOnlySpan<byte> source, int seed = 0)
    {
        var fed = new Lanes((uint)seed);
        var whole = source.Length & -StripeBytes;
        fed.Add(source[..whole]);
        return Finish(whole == 0 ? (uint)seed + Prime5 : fed.Merged(), (uint)source.Length, source[whole..]);
    }

    public override void Append(ReadOnlySpan<byte> source)
    {
        var held = (int)(length % StripeBytes);
        length += (ulong)source.Length;
        if (held > 0)
        {
            var taken = Math.Min(StripeBytes - held, source.Length);
            source[..taken].CopyTo(pending.AsSpan(held));
            source = source[taken..];
            if (held + taken < StripeBytes) return;
            lanes.Add(pending);
        }

        var whole = source.Length & -StripeBytes;
        lanes.Add(source[..whole]);
        source[whole..].CopyTo(pending);
    }

    public override void Reset()
    {
        lanes = new(seed);
        length = 0;
    }

    public uint GetCurrentHashAsUInt32() =>
        Finish(length < StripeBytes ? seed + Prime5 : lanes.Merged(), (uint)length, pending.AsSpan(0, (int)(length % StripeBytes)));

    protected override void GetCurrentHashCore(Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(destination, GetCurrentHashAsUInt32());

    static uint Round(uint lane, uint input) => BitOperations.RotateLeft(lane + input * Prime2, 13) * Prime1;

    static uint Finish(uint hash, uint length, ReadOnlySpan<byte> tail)
    {
        hash += length;
        for (; tail.Length >= sizeof(uint); tail = tail[sizeof(uint)..])
            hash = BitOperations.RotateLeft(hash + BinaryPrimitives.ReadUInt32LittleEndian(tail) * Prime3, 17) * Prime4;
        foreach (var value in tail) hash = BitOperations.RotateLeft(hash + value * Prime5, 11) * Prime1;
        hash = (hash ^ hash >> 15) * Prime2;
        hash = (hash ^ hash >> 13) * Prime3;
        return hash ^ hash >> 16;
    }

    /// <summary>The four accumulators, each fed every fourth word.</summary>
    [StructLayout(LayoutKind.Auto)]
    struct Lanes(uint seed)
    {
        uint first = seed + Prime1 + Prime2, second = seed + Prime2, third = seed, fourth = seed - Prime1;

        /// <param name="stripes">A multiple of the stripe's length.</param>
        public void Add(ReadOnlySpan<byte> stripes)
        {
            for (; stripes.Length >= StripeBytes; stripes = stripes[StripeBytes..])
            {
                first = Round(first, BinaryPrimitives.ReadUInt32LittleEndian(stripes));
                second = Round(second, BinaryPrimitives.ReadUInt32LittleEndian(stripes[4..]));
                third = Round(third, BinaryPrimitives.ReadUInt32LittleEndian(stripes[8..]));
                fourth = Round(fourth, BinaryPrimitives.ReadUInt32LittleEndian(stripes[12..]));
            }
        }

        public readonly uint Merged() =>
            BitOperations.RotateLeft(first, 1) + BitOperations.RotateLeft(second, 7)
            + BitOperations.RotateLeft(third, 12) + BitOperations.RotateLeft(fourth, 18);
    }
}
