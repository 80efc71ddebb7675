using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>The request stream of a call.</summary>
sealed class RequestWriter<T> : IClientStreamWriter<T> where T : class
{
    readonly CallLifetime call;
    readonly StreamedRequest body;
    readonly Action<T, SerializationContext> serializer;
    readonly ICompressionProvider? compression;
    readonly PooledBuffer framed = new();
    readonly MessageSerializationContext framing;
    int writing;
    bool completed;

    public RequestWriter(
        CallLifetime call, StreamedRequest body, Action<T, SerializationContext> serializer, ICompressionProvider? compression, int? largest,
        WriteOptions? writeOptions)
    {
        this.call = call;
        this.body = body;
        this.serializer = serializer;
        this.compression = compression;
        framing = new(framed, largest);
        WriteOptions = writeOptions;
    }

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    /// <param name="cancellationToken">Cancels the whole call, since half a message cannot be taken back.</param>
    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (completed) throw new InvalidOperationException("The request stream is completed; nothing can be written any more.");
        if (Interlocked.Exchange(ref writing, 1) == 1) throw new InvalidOperationException("The previous write is still in progress: await it first.");
        try
        {
            if (call.HasEnded()) throw new InvalidOperationException("The call has ended; nothing can be written any more.");
            await using var registration = call.RegisterCancel(cancellationToken);
            await SendAsync(message);
        }
        finally
        {
            framed.Release();
            Volatile.Write(ref writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        if (Volatile.Read(ref writing) == 1) throw new InvalidOperationException("A write is still in progress: await it first.");
        completed = true;
        body.End();
        return Task.CompletedTask;
    }

    async Task SendAsync(T message)
    {
        var flags = WriteOptions?.Flags ?? default;
        try
        {
            framing.Write(message, serializer, flags.HasFlag(WriteFlags.NoCompress) ? null : compression, level: null);
            var stream = await body.Opened.WaitAsync(call.Token);
            await stream.WriteAsync(framed.Written, call.Token);
            if (!flags.HasFlag(WriteFlags.BufferHint)) await stream.FlushAsync(call.Token);
        }
        catch (Exception failure)
        {
            throw await call.WriteFailedAsync(failure);
        }
    }
}
