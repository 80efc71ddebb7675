using System.Buffers;
using Empire.Contracts.V1;

namespace Empire.Telemetry.Ingest.Wire;

/// <summary>A <see cref="SampleBatch"/> as it came, in rented memory that goes back when this is disposed of.</summary>
internal sealed class BatchBytes : IDisposable
{
    private readonly int length;
    private byte[]? rented;

    public BatchBytes(in ReadOnlySequence<byte> payload)
    {
        length = (int)payload.Length;
        rented = ArrayPool<byte>.Shared.Rent(length);
        payload.CopyTo(rented);
    }

    /// <exception cref="ObjectDisposedException">The memory has gone back.</exception>
    public ReadOnlySpan<byte> Span => (rented ?? throw new ObjectDisposedException(nameof(BatchBytes))).AsSpan(0, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref rented, null) is { } bytes) ArrayPool<byte>.Shared.Return(bytes);
    }
}
