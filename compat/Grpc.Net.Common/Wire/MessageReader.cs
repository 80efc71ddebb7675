using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Grpc.Net.Wire;

/// <summary>Takes framed messages out of a pipe, one after another.</summary>
/// <param name="largest">Bytes of a message, on the wire and after decompression; null for no limit.</param>
/// <param name="encoding">The peer's <c>grpc-encoding</c>; null when it named none.</param>
/// <param name="unsupported">The status when the peer compresses in a way unknown here: the protocol asks another one of each side.</param>
sealed class MessageReader(PipeReader pipe, int? largest, Compressors compressors, string? encoding, StatusCode unsupported)
{
    readonly MessageDeserializationContext context = new();

    /// <returns>Null at the end of the stream.</returns>
    /// <exception cref="RpcException">ResourceExhausted: larger than the limit. Internal: the bytes are no message.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T?> ReadAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken ct) where T : class
    {
        while (true)
        {
            var read = await pipe.ReadAsync(ct);
            if (read.IsCanceled) throw new OperationCanceledException(ct);
            var buffer = read.Buffer;
            if (TryTake(buffer, out var payload, out var compressed))
            {
                var message = compressed ? Decompressed(payload, deserializer) : context.Read(payload, deserializer);
                pipe.AdvanceTo(payload.End);
                return message;
            }

            if (read.IsCompleted)
            {
                if (buffer.IsEmpty)
                {
                    pipe.AdvanceTo(buffer.End);
                    return null;
                }

                throw Broken("The stream ends in the middle of a message.");
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>The only message of a stream.</summary>
    /// <exception cref="RpcException">Also Internal: there is none, or a second one.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> ReadSingleAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken ct) where T : class
    {
        var message = await ReadAsync(deserializer, ct) ?? throw Broken("One message was expected and none came.");
        while (true)
        {
            var rest = await pipe.ReadAsync(ct);
            if (rest.IsCanceled) throw new OperationCanceledException(ct);
            if (!rest.Buffer.IsEmpty) throw Broken("One message was expected and more came.");
            pipe.AdvanceTo(rest.Buffer.End);
            if (rest.IsCompleted) return message;
        }
    }

    bool TryTake(in ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> payload, out bool compressed)
    {
        payload = default;
        compressed = false;
        MessageHeader header;
        try
        {
            if (!MessageHeader.TryRead(buffer, out header)) return false;
        }
        catch (InvalidDataException broken)
        {
            throw Broken(broken.Message);
        }

        // Before the bytes are here: nobody makes us buffer more than the limit.
        if (header.Length > (largest ?? int.MaxValue)) throw TooLarge($"has {header.Length} bytes");
        compressed = header.IsCompressed;
        if (buffer.Length < MessageHeader.Size + header.Length) return false;
        payload = buffer.Slice(MessageHeader.Size, header.Length);
        return true;
    }

    T Decompressed<T>(in ReadOnlySequence<byte> payload, Func<DeserializationContext, T> deserializer)
    {
        var plain = new PooledBuffer();
        try
        {
            using var stream = Provider().CreateDecompressionStream(new SequenceStream(payload));
            while (true)
            {
                var count = stream.Read(plain.GetSpan());
                if (count == 0) break;
                plain.Advance(count);
                if (plain.Length > largest) throw TooLarge("decompresses to more than allowed");
            }

            return context.Read(new ReadOnlySequence<byte>(plain.Written), deserializer);
        }
        catch (InvalidDataException broken)
        {
            throw Broken($"A compressed message cannot be decompressed: {broken.Message}");
        }
        finally
        {
            plain.Release();
        }
    }

    ICompressionProvider Provider()
    {
        if (encoding is null or WireNames.Identity) throw Broken("A message is marked as compressed and the stream names no compression.");
        if (compressors.TryGet(encoding, out var provider)) return provider;
        throw new RpcException(new Status(unsupported, $"The compression '{encoding}' is not supported here; supported are {compressors.AcceptEncoding}."));
    }

    RpcException TooLarge(string how) =>
        new(new Status(StatusCode.ResourceExhausted, $"The received message {how}, and the limit is {largest ?? int.MaxValue}."));

    static RpcException Broken(string why) => new(new Status(StatusCode.Internal, why));
}
