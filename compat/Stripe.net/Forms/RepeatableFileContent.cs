using System.Net;

namespace Stripe.Forms;

/// <summary>A caller's stream as one part of a body; starts where the stream stood and leaves it open, so that a second attempt can send it again.</summary>
internal sealed class RepeatableFileContent(Stream file) : HttpContent
{
    readonly long start = file.CanSeek ? file.Position : 0;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext context)
    {
        await file.CopyToAsync(stream);
        if (file.CanSeek) file.Position = start;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = file.CanSeek ? file.Length - start : 0;
        return file.CanSeek;
    }
}
