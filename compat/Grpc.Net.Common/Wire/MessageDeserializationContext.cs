using System.Buffers;
using Grpc.Core;

namespace Grpc.Net.Wire;

/// <summary>Shows the transport's own buffers to a deserializer.</summary>
sealed class MessageDeserializationContext : DeserializationContext
{
    ReadOnlySequence<byte> payload;

    public override int PayloadLength => (int)payload.Length;

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => payload;

    /// <exception cref="RpcException">Internal: the bytes are no message of this type.</exception>
    public T Read<T>(in ReadOnlySequence<byte> bytes, Func<DeserializationContext, T> deserializer)
    {
        payload = bytes;
        try
        {
            return deserializer(this);
        }
        catch (Exception unreadable) when (unreadable is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"A received message cannot be read: {unreadable.Message}", unreadable));
        }
        finally
        {
            payload = default;
        }
    }
}
