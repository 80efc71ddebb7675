using System.Net;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>A request body that stays open while its caller writes messages.</summary>
sealed class StreamedRequest : HttpContent
{
    readonly TaskCompletionSource<Stream> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StreamedRequest() => Headers.TryAddWithoutValidation("Content-Type", WireNames.ContentType);

    /// <summary>Where messages go; there once the request is under way.</summary>
    public Task<Stream> Opened => opened.Task;

    /// <summary>No more messages: half-closes the call. May be called more than once.</summary>
    public void End() => ended.TrySetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.FlushAsync(cancellationToken); // sends the headers, so that the server begins before the first message
        opened.TrySetResult(stream);
        await ended.Task.WaitAsync(cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
