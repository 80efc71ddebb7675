using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace System.IO.Hashing;

/// <summary>XXH64 of the xxHash family; the hash is in big-endian order.</summary>
public sealed class XxHash64 : NonCryptographicHashAlgorithm
{
    const int HashBytes = 8, StripeBytes = 32;

    // The primes of the specification (xxHash fast digest algorithm, version 0.2.0).
    const ulong Prime1 = 0x9E3779B185EBCA87, Prime2 = 0xC2B2AE3D27D4EB4F, Prime3 = 0x165667B19E3779F9, Prime4 = 0x85EBCA77C2B2AE63,
        Prime5 = 0x27D4EB2F165667C5;

    readonly byte[] pending = new byte[StripeBytes];
    readonly ulong seed;
    Lanes lanes;
    ulong length;

    public XxHash64() : this(0)
    {
    }

    public XxHash64(long seed) : base(HashBytes)
    {
        this.seed = (ulong)seed;
        Reset();
    }

    public static byte[] Hash(byte[] source) => Hash(source, 0);

    public static byte[] Hash(byte[] source, long seed)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Hash(source.AsSpan(), seed);
    }

    public static byte[] Hash(ReadOnlySpan<byte> source, long seed = 0)
    {
        var hash = new byte[HashBytes];
        BinaryPrimitives.WriteUInt64BigEndian(hash, HashToUInt64(source, seed));
        return hash;
    }

    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than the hash.</exception>
    public static int Hash(ReadOnlySpan<byte> source, Span<byte> destination, long seed = 0) =>
        TryHash(source, destination, out var bytesWritten, seed) ? bytesWritten : throw TooShort(nameof(destination));

    public static bool TryHash(ReadOnlySpan<byte> source, Span<byte> destination, out int bytesWritten, long seed = 0)
    {
        var written = BinaryPrimitives.TryWriteUInt64BigEndian(destination, HashToUInt64(source, seed));
        bytesWritten = written ? HashBytes : 0;
        return written;
    }

    public static ulong HashToUInt64(ReadOnlySpan<byte> source, long seed = 0)
    {
        var fed = new Lanes((ulong)seed);
        var whole = source.Length & -StripeBytes;
        fed.Add(source[..whole]);
        return Finish(whole == 0 ? (ulong)seed + Prime5 : fed.Merged(), (ulong)source.Length, source[whole..]);
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

    public ulong GetCurrentHashAsUInt64() =>
        Finish(length < StripeBytes ? seed + Prime5 : lanes.Merged(), length, pending.AsSpan(0, (int)(length % StripeBytes)));

    protected override void GetCurrentHashCore(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, GetCurrentHashAsUInt64());

    static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + input * Prime2, 31) * Prime1;

    static ulong Finish(ulong hash, ulong length, ReadOnlySpan<byte> tail)
    {
        hash += length;
        for (; tail.Length >= sizeof(ulong); tail = tail[sizeof(ulong)..])
            hash = BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(tail)), 27) * Prime1 + Prime4;
        if (tail.Length >= sizeof(uint))
        {
            hash = BitOperations.RotateLeft(hash ^ BinaryPrimitives.ReadUInt32LittleEndian(tail) * Prime1, 23) * Prime2 + Prime3;
            tail = tail[sizeof(uint)..];
        }

        foreach (var value in tail) hash = BitOperations.RotateLeft(hash ^ value * Prime5, 11) * Prime1;
        hash = (hash ^ hash >> 33) * Prime2;
        hash = (hash ^ hash >> 29) * Prime3;
        return hash ^ hash >> 32;
    }

    /// <summary>The four accumulators, each fed every fourth word.</summary>
    [StructLayout(LayoutKind.Auto)]
    struct Lanes(ulong seed)
    {
        ulong first = seed + Prime1 + Prime2, second = seed + Prime2, third = seed, fourth = seed - Prime1;

        /// <param name="stripes">A multiple of the stripe's length.</param>
        public void Add(ReadOnlySpan<byte> stripes)
        {
            for (; stripes.Length >= StripeBytes; stripes = stripes[StripeBytes..])
            {
                first = Round(first, BinaryPrimitives.ReadUInt64LittleEndian(stripes));
                second = Round(second, BinaryPrimitives.ReadUInt64LittleEndian(stripes[8..]));
                third = Round(third, BinaryPrimitives.ReadUInt64LittleEndian(stripes[16..]));
                fourth = Round(fourth, BinaryPrimitives.ReadUInt64LittleEndian(stripes[24..]));
            }
        }

        public readonly ulong Merged()
        {
            var hash = BitOperations.RotateLeft(first, 1) + BitOperations.RotateLeft(second, 7)
                + BitOperations.RotateLeft(third, 12) + BitOperations.RotateLeft(fourth, 18);
            ReadOnlySpan<ulong> all = [first, second, third, fourth];
            foreach (var lane in all) hash = (hash ^ Round(0, lane)) * Prime1 + Prime4;
            return hash;
        }
    }
}
