using System.Net;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>A request body of one message, framed beforehand so that the handler may send it again on another connection.</summary>
sealed class UnaryRequest : HttpContent
{
    readonly Lock gate = new();
    PooledBuffer? framed;
    int sending;

    /// <param name="framed">Belongs to this content from here on.</param>
    public UnaryRequest(PooledBuffer framed)
    {
        this.framed = framed;
        Headers.TryAddWithoutValidation("Content-Type", WireNames.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        PooledBuffer message;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(framed is null, this);
            message = framed;
            sending++;
        }

        try
        {
            await stream.WriteAsync(message.Written, cancellationToken);
        }
        finally
        {
            lock (gate) sending--;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (gate)
            {
                // A cancelled call may be disposed while its body is still being sent; that memory is left to the garbage collector.
                if (sending == 0) framed?.Release();
                framed = null;
            }
        }

        base.Dispose(disposing);
    }
}
