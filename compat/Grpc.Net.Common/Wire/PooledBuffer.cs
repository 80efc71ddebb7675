using System.Buffers;

namespace Grpc.Net.Wire;

/// <summary>A growing buffer in rented memory. <see cref="Release"/> gives the memory back; the buffer may then be used anew.</summary>
sealed class PooledBuffer : IBufferWriter<byte>
{
    const int SmallestRent = 256;

    byte[] rented = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => rented.AsMemory(0, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, rented.Length - Length);
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return rented.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureRoom(sizeHint);
        return rented.AsSpan(Length);
    }

    public void Release()
    {
        var returned = rented;
        rented = [];
        Length = 0;
        if (returned.Length > 0) ArrayPool<byte>.Shared.Return(returned);
    }

    void EnsureRoom(int sizeHint)
    {
        var needed = Math.Max(sizeHint, 1);
        if (rented.Length - Length >= needed) return;
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(Math.Max(SmallestRent, (long)Length + needed), Math.Min(2L * rented.Length, Array.MaxLength)));
        rented.AsSpan(0, Length).CopyTo(larger);
        if (rented.Length > 0) ArrayPool<byte>.Shared.Return(rented);
        rented = larger;
    }
}
