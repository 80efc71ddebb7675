using Grpc.Core;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>The response messages of a streaming call.</summary>
sealed class ResponseStream<T>(HttpServerCallContext call, Action<T, SerializationContext> serializer) : IServerStreamWriter<T> where T : class
{
    int writing;
    bool ended;

    public WriteOptions? WriteOptions
    {
        get => call.WriteOptions;
        set => call.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    /// <exception cref="InvalidOperationException">The handler has returned, or a write is still in progress.</exception>
    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        call.CancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref writing, 1) == 1) throw new InvalidOperationException("The previous write is still in progress: await it first.");
        try
        {
            if (ended) throw new InvalidOperationException("The call has ended; nothing can be written any more.");
            var flags = WriteOptions?.Flags ?? default;
            await call.Responses.WriteAsync(message, serializer, flags);
            if (!flags.HasFlag(WriteFlags.BufferHint)) await call.Responses.FlushAsync();
        }
        finally
        {
            Volatile.Write(ref writing, 0);
        }
    }

    /// <summary>The handler has returned; a write that it left behind must not touch the response of a later call.</summary>
    public void End() => ended = true;
}
