using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Net.Wire;

/// <summary>Frames messages into a target, one after another. A message whose length is announced goes straight into the target; another,
/// or one to be compressed, takes a detour through a rented buffer.</summary>
/// <param name="largest">Bytes of an uncompressed message; null for no limit.</param>
sealed class MessageSerializationContext(IBufferWriter<byte> target, int? largest) : SerializationContext
{
    ICompressionProvider? compression;
    CompressionLevel? level;
    PooledBuffer? detour;
    int? announced;
    bool completed;

    /// <param name="compression">Null leaves the message as it is.</param>
    /// <exception cref="RpcException">ResourceExhausted: the message is larger than the limit.</exception>
    public void Write<T>(T message, Action<T, SerializationContext> serializer, ICompressionProvider? compression, CompressionLevel? level)
    {
        this.compression = compression;
        this.level = level;
        announced = null;
        completed = false;
        try
        {
            serializer(message, this);
            if (!completed) throw new InvalidOperationException("The marshaller did not complete the message.");
        }
        finally
        {
            detour?.Release();
            detour = null;
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        CheckSize(payloadLength);
        announced = payloadLength;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (announced is not { } length || compression is not null) return detour ??= new PooledBuffer();
        new MessageHeader(IsCompressed: false, (uint)length).WriteTo(target);
        return target;
    }

    public override void Complete()
    {
        if (detour is not null) WriteFramed(detour.Written);
        completed = true;
    }

    public override void Complete(byte[] payload)
    {
        WriteFramed(payload);
        completed = true;
    }

    void WriteFramed(ReadOnlyMemory<byte> payload)
    {
        CheckSize(payload.Length);
        // An empty message stays as it is: GZipStream writes nothing at all for it, which other implementations cannot decompress.
        if (compression is null || payload.IsEmpty)
        {
            new MessageHeader(IsCompressed: false, (uint)payload.Length).WriteTo(target);
            target.Write(payload.Span);
            return;
        }

        var compressed = new PooledBuffer();
        try
        {
            using (var stream = compression.CreateCompressionStream(new BufferWriterStream(compressed), level)) stream.Write(payload.Span);
            new MessageHeader(IsCompressed: true, (uint)compressed.Length).WriteTo(target);
            target.Write(compressed.Written.Span);
        }
        finally
        {
            compressed.Release();
        }
    }

    void CheckSize(int length)
    {
        if (length > largest)
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The message to send has {length} bytes, more than the limit of {largest}."));
    }
}
