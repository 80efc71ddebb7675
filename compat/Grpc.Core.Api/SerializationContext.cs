using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a marshaller puts one message: all at once as an array, or piece by piece into the transport's buffer.</summary>
public abstract class SerializationContext
{
    /// <summary>Hands over the whole payload; the array must not change afterwards.</summary>
    public virtual void Complete(byte[] payload) => throw new NotSupportedException("This context takes no array.");

    /// <summary>The buffer to write the payload into; <see cref="Complete()"/> ends it.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotSupportedException("This context has no buffer writer.");

    /// <summary>Announces the payload's exact length in bytes, before the buffer writer is asked for. Lets the transport skip a copy.</summary>
    public virtual void SetPayloadLength(int payloadLength)
    {
    }

    /// <summary>All of the payload is in the buffer writer.</summary>
    public virtual void Complete() => throw new NotSupportedException("This context has no buffer writer.");
}

/// <summary>Collects a message in an array.</summary>
sealed class ArraySerializationContext : SerializationContext
{
    byte[]? payload;
    ArrayBufferWriter<byte>? writer;

    public byte[] Payload => payload ?? throw new InvalidOperationException("The marshaller did not complete the message.");

    public override void Complete(byte[] payload) => this.payload = payload;

    public override IBufferWriter<byte> GetBufferWriter() => writer ??= new();

    public override void Complete() => payload = (writer ?? throw new InvalidOperationException("Nothing was written.")).WrittenSpan.ToArray();
}
