using System.Buffers;

namespace Grpc.Net.Wire;

/// <summary>Lets a decompressing stream read received bytes where they lie.</summary>
sealed class SequenceStream(ReadOnlySequence<byte> sequence) : Stream
{
    ReadOnlySequence<byte> rest = sequence;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var part = rest.Slice(0, Math.Min(rest.Length, buffer.Length));
        part.CopyTo(buffer);
        rest = rest.Slice(part.End);
        return (int)part.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
